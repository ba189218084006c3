import Foundation
import Synchronization

/// What the Tryton server keeps besides the books: sessions, ids, moves in every state.
public final class TrytonDesk: Sendable {
  private let state: Mutex<TrytonState>
  private let settings: Mutex<TrytonSettings>
  let now: @Sendable () -> Date

  init(_ settings: TrytonSettings, now: @escaping @Sendable () -> Date) {
    self.settings = Mutex(settings)
    self.now = now
    state = Mutex(TrytonState())
  }

  /// Changes what the user sees, as an administrator does; sessions go on.
  public func change(_ change: (inout TrytonSettings) -> Void) { settings.withLock { change(&$0) } }

  /// Ends every session, as a restart of the server or their time limit does.
  public func endSessions() { state.withLock { $0.sessions = [:] } }

  /// Moves that were created and not posted.
  public var drafts: Int { state.withLock { $0.moves.values.count { $0.status == .draft } } }

  func reset() { state.withLock { $0 = TrytonState() } }

  var current: TrytonSettings { settings.withLock { $0 } }

  func use<Value: Sendable>(
    _ body: (inout TrytonState) throws(TrytonFault) -> Value
  ) throws(TrytonFault) -> Value {
    try state.withLock { state throws(TrytonFault) in try body(&state) }
  }
}

/// A login that is open.
struct TrytonSession: Sendable {
  var login: String
  var lastUsed: Date
}

/// Everything that one database holds.
struct TrytonState: Sendable {
  var sessions: [String: TrytonSession] = [:]
  var failedLogins = 0
  var moves: [Int: TrytonMove] = [:]
  /// Ids of moves by description, oldest first.
  var movesByDescription: [String: [Int]] = [:]
  /// Ids of what has none of its own in the books, by model and name.
  private var ids: [String: [String: Int]] = [:]
  private var names: [String: [Int: String]] = [:]
  private var last: [String: Int] = [:]
  /// The move of each line.
  var moveOfLine: [Int: Int] = [:]
  /// Warnings that were confirmed.
  var confirmed: Set<String> = []
  /// Parties that were created here.
  var newParties: [(code: String, name: String)] = []

  /// The id of a record, the same from its first use on.
  mutating func id(_ model: String, _ name: String) -> Int {
    if let id = ids[model]?[name] { return id }
    let id = next(model)
    ids[model, default: [:]][name] = id
    names[model, default: [:]][id] = name
    return id
  }

  /// The same where it was used before; nil where it was not.
  func knownID(_ model: String, _ name: String) -> Int? { ids[model]?[name] }

  /// That of a record of one company.
  mutating func id(_ model: String, _ company: String, _ name: String) -> Int {
    id(model, company + TrytonState.separator + name)
  }

  /// The company and the name of such a record.
  func pair(_ model: String, _ id: Int) -> (company: String, name: String) {
    let parts = (name(model, id) ?? "").split(
      separator: TrytonState.separator, maxSplits: 1, omittingEmptySubsequences: false)
    return (parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]) : "")
  }

  func allIDs(_ model: String) -> [Int] { Array((names[model] ?? [:]).keys) }

  private static let separator = "\u{1F}"

  mutating func next(_ model: String) -> Int {
    let id = (last[model] ?? 0) + 1
    last[model] = id
    return id
  }

  func name(_ model: String, _ id: Int?) -> String? { id.flatMap { names[model]?[$0] } }
}

extension TrytonState {
  func move(ofLine id: Int) -> TrytonMove? { moveOfLine[id].flatMap { moves[$0] } }
}

/// A move in any state.
struct TrytonMove: Sendable {
  enum Status: Sendable { case draft, posting, posted }

  var id: Int
  var company: String
  var period: Int
  var journal: Int
  var date: String
  var description: String
  var origin: String?
  var lines: [TrytonLine]
  var status = Status.draft
  /// The number in the books, once posted.
  var number: String?
  var postDate: String?
  /// Its lines on accounts with parties are cleared by a cancellation.
  var isReconciled = false

  /// In the company's currency; a move that does not balance keeps its lines in state `draft`.
  var isBalanced: Bool {
    lines.reduce(Int128(0)) { $0 + Int128($1.debit) - Int128($1.credit) } == 0
  }
}

/// A line of a move; amounts in minor units of the company's currency.
struct TrytonLine: Sendable {
  var id: Int
  var account: String
  var debit: Int64
  var credit: Int64
  var party: String?
  var description: String?
  var maturityDate: String?
  var secondCurrency: String?
  /// Signed, in minor units of the second currency.
  var secondAmount: Int64?
  var takesParty = false
}
