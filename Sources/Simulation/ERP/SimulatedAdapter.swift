import AdapterKit
import Ledger

// What the engine may know of a simulated ERP. Nobody awaits these: the simulation carries calls
// itself, and translates answers by ``SimulatedDialect``.

struct SendingAdapter: ERPAdapter {
  let descriptor: AdapterDescriptor
  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
}

struct FindingAdapter: FindsPostings {
  let descriptor: AdapterDescriptor
  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
  func find(_ key: PostingKey) async -> Finding { .cannotTell(.lookUpUnclear("Not connected")) }
}

struct ReversingAdapter: FindsPostings, ReversesPostings {
  let descriptor: AdapterDescriptor
  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
  func find(_ key: PostingKey) async -> Finding { .cannotTell(.lookUpUnclear("Not connected")) }
  func reverse(_ order: ReversalOrder) async -> PostingOutcome {
    .unknown(.outcomeUnknown("Not connected"))
  }
}

struct PollingAdapter: PollsTickets {
  let descriptor: AdapterDescriptor
  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] { [:] }
}

struct FindingPollingAdapter: FindsPostings, PollsTickets {
  let descriptor: AdapterDescriptor
  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] { [:] }
  func find(_ key: PostingKey) async -> Finding { .cannotTell(.lookUpUnclear("Not connected")) }
  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] { [:] }
}

/// What a simulated ERP says about one entry, on the wire.
enum WireReply: Hashable, Sendable {
  case booked(number: String, isRepeat: Bool)
  case job(String)
  case refused(ERPAnswer)
}

/// What an adapter makes of the wire, by the tables and rules that every adapter uses.
enum SimulatedDialect {
  static let table = OutcomeTable(
    [
      OutcomeTable.Row.codes(["closed_period"], .rejected(.periodClosed)),
      OutcomeTable.Row.codes(["unknown_account"], .rejected(.unknownAccount)),
      OutcomeTable.Row.codes(["invalid"], .rejected(.validation)),
      OutcomeTable.Row.codes(["locked", "batch_rolled_back"], .retryLater(.entry, .unavailable)),
      OutcomeTable.Row.statuses([429], .retryLater(.connection, .throttled)),
    ].flatMap { $0 })

  static func outcome(of reply: WireReply, about key: PostingKey) -> PostingOutcome {
    switch reply {
    case .booked(let number, let isRepeat):
      isRepeat
        ? .alreadyPosted(Receipt(id: number, number: number))
        : .posted(Receipt(id: number, number: number))
    case .job(let id): .submitted(Ticket(id))
    case .refused(let answer): table.outcome(of: answer, about: "Entry \(key)")
    }
  }

  /// What the answer to a whole request means for each entry of it.
  static func outcome(ofRequest answer: ERPAnswer, about key: PostingKey) -> PostingOutcome {
    table.outcome(ofRequest: answer, about: "Entry \(key)")
  }
}
