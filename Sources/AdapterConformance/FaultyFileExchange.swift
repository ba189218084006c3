public import FileTransport
import Synchronization

/// Stands between an adapter and its folders and breaks the next file as disks, networks and receivers
/// do.
public final class FaultyFileExchange: FileExchange {
  /// What a file is to the two sides.
  public enum Role: Hashable, Sendable {
    /// Entries that are handed over; not read before they are released.
    case content
    /// The last file of a batch: once it stands there, the receiver reads.
    case release
    /// What the receiver says.
    case answer
    /// Our own.
    case other
  }

  fileprivate enum Plan {
    case fault(ConformanceFault)
    case badAnswer(BadAnswer)
    case holdBack
  }

  private struct LateFile {
    let bytes: [UInt8]
    let name: String
    let folder: String
  }

  private struct State {
    var plan: Plan?
    var late: LateFile?
    var isHidden = false
  }

  private let next: any FileExchange
  private let role: @Sendable (String) -> Role
  private let state = Mutex(State())

  /// - Parameter role: by the name of a file.
  public init(_ next: any FileExchange, role: @escaping @Sendable (String) -> Role) {
    self.next = next
    self.role = role
  }

  /// False for what folders cannot do, and for what only the receiver can.
  public func arrange(_ fault: ConformanceFault) -> Bool {
    switch fault {
    case .loseAnswer, .dropRequest, .garbleAnswer, .throttle:
      state.withLock { $0.plan = .fault(fault) }
    case .hide: state.withLock { $0.isHidden = true }
    case .refuse, .loseVerdict, .answer, .bookThenAnswer, .answerLookUp: return false
    }
    return true
  }

  public func spoil(_ answer: BadAnswer) { state.withLock { $0.plan = .badAnswer(answer) } }

  /// Keeps the next batch from being released until ``deliverLate()``; its sender hears nothing.
  public func holdBack() { state.withLock { $0.plan = .holdBack } }

  public func deliverLate() async {
    let late = state.withLock { state in
      defer { state.late = nil }
      return state.late
    }
    // Nobody waits for it any more.
    if let late { _ = try? await next.deliver(late.bytes, as: late.name, to: late.folder) }
  }

  // MARK: The exchange

  public func list(_ folder: String) async throws(FileFailure) -> [FileEntry] {
    try checkRights()
    return try await next.list(folder)
  }

  public func names(
    ending: String, in folder: String
  ) async throws(FileFailure) -> [String] {
    try checkRights()
    return try await next.names(ending: ending, in: folder)
  }

  public func contains(_ name: String, in folder: String) async throws(FileFailure) -> Bool {
    try checkRights()
    return try await next.contains(name, in: folder)
  }

  public func move(_ name: String, from: String, to: String) async throws(FileFailure) {
    try await next.move(name, from: from, to: to)
  }

  public func read(
    _ name: String, in folder: String, limit: Int
  ) async throws(FileFailure) -> [UInt8] {
    try checkRights()
    let bytes = try await next.read(name, in: folder, limit: limit)
    guard role(name) == .answer else { return bytes }
    switch takePlan({ $0.isOfAnswers }) {
    case .fault?: return Array("{\"batch\": ".utf8)
    case .badAnswer(let answer)?: return try spoiled(bytes, answer)
    case .holdBack?, nil: return bytes
    }
  }

  public func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) async throws(FileFailure) -> Delivery {
    let role = role(name)
    switch takePlan({ $0.breaks(role) }) {
    case nil: return try await next.deliver(bytes, as: name, to: folder)
    case .fault(.loseAnswer)?:
      _ = try await next.deliver(bytes, as: name, to: folder)
      throw FaultyFileExchange.lost
    case .fault(.throttle)?:
      throw FileFailure(
        progress: .nothingDelivered, code: .noSpace, detail: "The disk is full")
    case .fault?: throw FaultyFileExchange.lost
    case .holdBack?:
      state.withLock { $0.late = LateFile(bytes: bytes, name: name, folder: folder) }
      throw FaultyFileExchange.lost
    case .badAnswer(let answer)?:
      throw FileFailure(
        progress: .nothingDelivered,
        code: answer == .expiredSession ? .loginRefused : .hostKeyRefused,
        detail: "The server does not let us in")
    }
  }

  // MARK: Plans

  private func takePlan(_ isMeant: (Plan) -> Bool) -> Plan? {
    state.withLock { state in
      guard let plan = state.plan, isMeant(plan) else { return nil }
      state.plan = nil
      return plan
    }
  }

  private func checkRights() throws(FileFailure) {
    guard state.withLock({ $0.isHidden }) else { return }
    throw FileFailure(
      progress: .nothingDelivered, code: .permissionDenied, detail: "The folder may not be read")
  }

  private func spoiled(
    _ bytes: [UInt8], _ answer: BadAnswer
  ) throws(FileFailure) -> [UInt8] {
    switch answer {
    case .truncated: return Array(bytes.prefix(bytes.count / 2))
    case .otherEncoding:
      return [0xFF, 0xFE]
        + String(decoding: bytes, as: UTF8.self).utf16.flatMap { unit in
          [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
        }
    case .endless:
      throw FileFailure(
        progress: .nothingDelivered, code: .fileTooLarge, detail: "The file has more than 64 MiB")
    case .slow:
      throw FileFailure(
        progress: .nothingDelivered, code: .timeout, detail: "The file did not come in time")
    default: return answer.body ?? []
    }
  }

  private static let lost = FileFailure(
    progress: .outcomeUnknown, code: .connectionLost, detail: "The connection was lost")
}

extension FaultyFileExchange.Plan {
  /// Whether it waits for what the receiver says.
  fileprivate var isOfAnswers: Bool {
    switch self {
    case .fault(.garbleAnswer): true
    case .badAnswer(let answer): answer.isBooked
    case .fault, .holdBack: false
    }
  }

  /// Whether it breaks the writing of such a file.
  fileprivate func breaks(_ role: FaultyFileExchange.Role) -> Bool {
    guard !isOfAnswers else { return false }
    switch self {
    case .fault(.loseAnswer), .holdBack: return role == .release
    case .fault, .badAnswer: return role == .content
    }
  }
}
