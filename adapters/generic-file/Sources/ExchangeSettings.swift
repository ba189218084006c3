public import AdapterKit
public import FileTransport
import Foundation
import Ledger

extension GenericFileAdapter {
  /// The folders that `url` and `auth` name: `file:///PATH` or `sftp://HOST:PORT/PATH`.
  ///
  /// On a local disk the folders we write into are made when they are missing.
  ///
  /// - Throws: ``SettingsFault`` with everything that is wrong about them.
  public static func exchange(
    for settings: AdapterSettings
  ) throws(SettingsFault) -> any FileExchange {
    try ExchangeSettings.exchange(for: settings)
  }

  /// An adapter over the folders that its own settings name.
  ///
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(settings: AdapterSettings) throws(SettingsFault) {
    var problems: [Problem] = []
    do throws(SettingsFault) {
      _ = try GenericFileSettings(settings, knownKeys: Self.knownKeys)
    } catch {
      problems = error.problems
    }
    let files: any FileExchange
    do throws(SettingsFault) {
      files = try Self.exchange(for: settings)
    } catch {
      throw SettingsFault(error.problems + problems)
    }
    guard problems.isEmpty else { throw SettingsFault(problems) }
    try self.init(settings: settings, files: files)
  }
}

/// Reads `url` and `auth`.
enum ExchangeSettings {
  static let authKeys: Set<String> = [
    "user", "password", "keyFile", "passphrase", "hostKey", "knownHosts",
  ]
  static let defaultPort = 22
  static let defaultStepSeconds = 120

  static func exchange(for settings: AdapterSettings) throws(SettingsFault) -> any FileExchange {
    var reader = SettingsReader(settings)
    let url = reader.value(or: "") { settings throws(Problem) in try settings.text("url") }
    if let path = localPath(url) {
      try? make(foldersBelow: path, settings)
      return TranscribedExchange(LocalFolder(path))
    }
    guard let components = URLComponents(string: url), components.scheme?.lowercased() == "sftp",
      let host = components.host, !host.isEmpty, components.user == nil,
      components.password == nil, components.query == nil
    else {
      if reader.problems.isEmpty {
        reader.report(
          Problem(
            code: "invalid_url", pointer: settings.value("url")?.place ?? settings.place,
            detail: "'url' of connection \(settings.connection) is not a place for files",
            fix: "Write file:///PATH or sftp://HOST:PORT/PATH, without user or password"))
      }
      throw SettingsFault(reader.problems)
    }
    let stepTimeout = reader.below("timeouts", knownKeys: ["request"]) { timeouts in
      Duration.seconds(
        timeouts.value(or: defaultStepSeconds) { settings throws(Problem) in
          try settings.integer("request", default: defaultStepSeconds, in: 1...3_600)
        })
    }
    let sftp = reader.below("auth", knownKeys: authKeys) { auth in
      SFTPSettings(
        host: host, port: components.port ?? defaultPort, root: components.path,
        user: auth.value(or: "") { settings throws(Problem) in try settings.text("user") },
        login: login(&auth), hostKey: hostKey(&auth), stepTimeout: stepTimeout)
    }
    guard reader.problems.isEmpty else { throw SettingsFault(reader.problems) }
    do throws(FileFailure) {
      return TranscribedExchange(try SFTPFolder(sftp))
    } catch {
      throw SettingsFault([error.problem(SecretRedaction(secrets(of: settings)))])
    }
  }

  /// The secrets under `auth`; those that are missing are told by ``exchange(for:)``.
  static func secrets(of settings: AdapterSettings) -> [String] {
    guard let auth = try? settings.table("auth") else { return [] }
    return ["password", "passphrase"].compactMap { try? auth.secret($0) }
  }

  private static func localPath(_ url: String) -> String? {
    guard let address = URL(string: url), address.isFileURL, (address.host ?? "").isEmpty,
      address.path.hasPrefix("/")
    else { return nil }
    return address.path
  }

  private static func make(foldersBelow root: String, _ settings: AdapterSettings) throws {
    guard
      let own = try? GenericFileSettings(settings, knownKeys: GenericFileAdapter.knownKeys)
    else { return }
    var folders = [own.folders.incoming, own.folders.sent]
    if own.readsAcknowledgements { folders.append(own.folders.outgoing) }
    if let archive = own.folders.archive { folders.append(archive) }
    for folder in folders {
      try FileManager.default.createDirectory(
        atPath: root + "/" + folder, withIntermediateDirectories: true)
    }
  }

  private static func login(_ auth: inout SettingsReader) -> SFTPSettings.Login {
    let keyFile = auth.value(or: nil) { settings throws(Problem) in
      try settings.optionalText("keyFile")
    }
    guard let keyFile else {
      return .password(
        Secret(
          auth.value(or: "") { settings throws(Problem) in try settings.requiredSecret("password") }
        ))
    }
    let passphrase = auth.value(or: nil) { settings throws(Problem) in
      try settings.secret("passphrase")
    }
    return .key(file: keyFile, passphrase: passphrase.map { Secret($0) })
  }

  private static func hostKey(_ auth: inout SettingsReader) -> SFTPSettings.HostKey {
    let file = auth.value(or: nil) { settings throws(Problem) in
      try settings.optionalText("knownHosts")
    }
    if let file { return .knownHosts(file: file) }
    return .sha256(
      auth.value(or: "") { settings throws(Problem) in try settings.text("hostKey") })
  }
}
