internal import ArgumentParser
internal import Ledger
internal import PostingEngine

/// What a list shows.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only these legal entities; may be repeated.")
  var entity: [String] = []

  @Option(help: "Only rows in this state.")
  var state: String?

  @Option(help: "Only this customer's.")
  var customer: String?

  @Option(help: "Only this connection's.")
  var connection: String?

  @Option(
    help: "Only what belongs to a document with this id or reference, entry key, or ERP number.")
  var named: String?

  @Option(help: "From this day or moment: of acceptance; for entries of the posting date.")
  var since: String?

  @Option(help: "Through this day or moment.")
  var until: String?

  @Option(help: "At most so many rows. Default: \(ListFilter.defaultLimit); exports have no limit.")
  var limit: Int?

  /// - Parameter states: what `--state` may say.
  func filter(states: [String]) throws -> ListFilter {
    if let state, !states.contains(state) {
      throw Problem(
        code: "usage", pointer: "--state", detail: "'\(state)' is no state of this list",
        fix: states.isEmpty ? "Leave it out" : "Use one of: " + states.joined(separator: ", "))
    }
    var filter = ListFilter()
    filter.entities = entity.map { LegalEntityID($0) }
    filter.state = state
    filter.customer = customer
    filter.connection = connection.map { ConnectionID($0) }
    filter.name = named
    filter.since = try since.map { try Moment(option: $0, of: "--since") }
    filter.until = try until.map { try Moment(option: $0, of: "--until", isEnd: true) }
    if let limit { filter.limit = max(limit, 1) }
    return filter
  }

  /// A filter of a time alone.
  static func window(since: String?, until: String?) throws -> ListFilter {
    var filter = ListFilter()
    filter.since = try since.map { try Moment(option: $0, of: "--since") }
    filter.until = try until.map { try Moment(option: $0, of: "--until", isEnd: true) }
    return filter
  }
}
