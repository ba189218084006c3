import AdapterKit
import Ledger

/// Reads `adapters/<name>/`.
struct AdapterFolderReader {
  let folder: ConfigurationFolder
  let path: String
  /// The kinds of adapters that a folder may hold, with the keys of their connections.
  let kinds: [AdapterKeys]
  let secrets: any SecretSource
  let findings: FindingList

  /// The adapters, and the keys of the connections that name them.
  func read() -> (folders: [AdapterFolder], keys: [AdapterKeys]) {
    var folders: [AdapterFolder] = []
    var keys: [AdapterKeys] = []
    for name in folder.adapterNames {
      guard let (adapter, known) = read(name) else { continue }
      folders.append(adapter)
      keys.append(known)
    }
    return (folders, keys)
  }

  private func read(_ name: String) -> (AdapterFolder, AdapterKeys)? {
    let prefix = "adapters/\(name)/"
    let place = prefix + "adapter.yaml"
    guard let bytes = folder.files[place] else {
      findings.error(
        "missing_file", FilePlace(file: prefix), "The adapter has no adapter.yaml",
        fix: "Make one with 'postern adapters new \(name)'")
      return nil
    }
    guard let document = YAMLReader().read(bytes, file: place, into: findings),
      case .table(let values)? = SettingValue(document)?.content
    else { return nil }
    // Elsewhere a 'key' is the place of our key in an answer.
    for section in ["headers", "parameters", "auth"] {
      guard let value = document[section] else { continue }
      SecretKeys.report(in: value, isLogin: section == "auth", findings)
    }
    let settings = AdapterSettings(
      connection: ConnectionID(name), place: place, values: values, secrets: secrets,
      owner: "adapter \(name)")
    let kind = (try? settings.optionalText("kind")) ?? nil
    guard let known = kinds.first(where: { $0.name == kind }) else {
      findings.error(
        "wrong_type", document["kind"]?.place ?? FilePlace(file: place),
        "'kind' of adapter \(name) is none that there is",
        fix: "Write one of: " + kinds.map(\.name).joined(separator: ", "))
      return nil
    }
    let parameters = document["parameters"]?.fields ?? []
    let required = parameters.filter(\.value.isEmpty).map(\.key)
    let secrets = (document["secrets"]?.list ?? []).compactMap(\.text)
    let keys = AdapterKeys(
      name: name, keys: known.keys + parameters.map(\.key) + secrets,
      required: known.required + required + secrets)
    let adapter = AdapterFolder(
      name: name, kind: known.name, settings: settings, files: texts(below: prefix),
      exchanges: exchanges(below: prefix + "exchanges/"), path: path + "/adapters/" + name,
      place: place)
    return (adapter, keys)
  }

  private func texts(below prefix: String) -> [String: String] {
    var texts: [String: String] = [:]
    for (file, bytes) in folder.files where file.hasPrefix(prefix) {
      let name = String(file.dropFirst(prefix.count))
      guard !name.contains("/"), name != "adapter.yaml" else { continue }
      texts[name] = String(validating: bytes, as: UTF8.self)
    }
    return texts
  }

  private func exchanges(below prefix: String) -> [(file: String, value: SettingValue)] {
    folder.files.keys.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".yaml") }.sorted()
      .compactMap { file in
        guard let bytes = folder.files[file],
          let document = YAMLReader().read(bytes, file: file, into: findings),
          let value = SettingValue(document)
        else { return nil }
        return (file, value)
      }
  }
}

extension ConfigurationFolder {
  /// The folders under `adapters/`, sorted.
  var adapterNames: [String] {
    let names = files.keys.filter { $0.hasPrefix("adapters/") }
      .map { $0.split(separator: "/")[1] }
    return Set(names).map(String.init).sorted()
  }
}
