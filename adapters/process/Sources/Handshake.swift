import AdapterKit
import Ledger
import StrictJSON

/// The first exchange with a process: it must speak our protocol, and be what its file says.
struct Handshake: Sendable {
  let definition: ProcessDefinition
  let context: ProcessProtocol.Context

  /// What is wrong; nil when all is well.
  func fault(of session: ProcessSession) async -> ProcessFailure? {
    let line = ProcessProtocol.request(.hello, context)
    switch await session.call(line, timeout: definition.startTimeout) {
    case .failure(let failure):
      return .notSent("the program did not say hello: \(failure.detail)")
    case .success(let bytes):
      guard let result = (try? JSONText(bytes))?.root["result"] else {
        let said = String(decoding: bytes.prefix(Handshake.quoted), as: UTF8.self)
        return .notSent(
          "the program's first line is no answer to 'hello' (messages belong on standard error): "
            + said)
      }
      guard result["protocol"]?.int == ProcessProtocol.version else {
        return .notSent("the program does not speak version \(ProcessProtocol.version)")
      }
      let told = Set(
        (result["capabilities"]?.array.map(Array.init) ?? []).compactMap(\.string))
      guard told == Set(definition.capabilities.map(\.rawValue)) else {
        return .notSent("the program's capabilities are not those of adapter.yaml")
      }
      let differing = definition.written?.keysThatDiffer(from: result["descriptor"]) ?? []
      return differing.isEmpty
        ? nil
        : .notSent(
          "the program's descriptor is not that of adapter.yaml: "
            + differing.joined(separator: ", "))
    }
  }

  /// Bytes of a wrong answer that are shown. It was given no secret yet.
  private static let quoted = 120
}

extension SettingValue {
  /// The keys of a table that the program tells otherwise, or that only one of the two has.
  fileprivate func keysThatDiffer(from json: JSONView?) -> [String] {
    guard case .table(let table) = content, let members = json?.object else {
      return isSame(as: json) ? [] : ["it is no object"]
    }
    let told = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
    return Set(table.keys).union(told.keys).filter { key in
      table[key].map { !$0.isSame(as: told[key]) } ?? true
    }.sorted()
  }

  fileprivate func isSame(as json: JSONView?) -> Bool {
    guard let json else { return false }
    switch content {
    case .text(let text): return json.string == text || json.numberText == text
    case .integer(let number): return json.int == number
    case .boolean(let flag): return json.bool == flag
    case .list(let values):
      let elements = json.array.map(Array.init) ?? []
      return elements.count == values.count
        && zip(values, elements).allSatisfy { $0.isSame(as: $1) }
    case .table(let table):
      guard let members = json.object, members.count == table.count else { return false }
      return members.allSatisfy { table[$0.key]?.isSame(as: $0.value) ?? false }
    }
  }
}
