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
        return .notSent("the program's hello is not the one that was agreed")
      }
      guard result["protocol"]?.int == ProcessProtocol.version else {
        return .notSent("the program does not speak version \(ProcessProtocol.version)")
      }
      let told = Set(
        (result["capabilities"]?.array.map(Array.init) ?? []).compactMap(\.string))
      guard told == Set(definition.capabilities.map(\.rawValue)) else {
        return .notSent("the program's capabilities are not those of adapter.yaml")
      }
      let agrees = definition.written.map { $0.isSame(as: result["descriptor"]) } ?? true
      return agrees ? nil : .notSent("the program's descriptor is not that of adapter.yaml")
    }
  }
}

extension SettingValue {
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
