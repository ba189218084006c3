package import Ledger

/// What a person does about exceptions.
package enum ExceptionAction: Hashable, Sendable {
  /// Converts by the rules in force now, or sends again what was refused.
  case retry
  /// Puts them aside; when the time has come they are tried again.
  case hold(until: Moment)
  /// Ends a hold.
  case release
  /// Posts on the first day of the next open period.
  case nextPeriod
  /// The entry is in the ERP under this number.
  case resolve(erpNumber: String)
  /// Somebody looked, and the entry is not in the ERP: it is sent again.
  case declareAbsent
  /// What is in the ERPs is compensated there.
  case reverse(reason: String)
  /// The document is given up.
  case discard(reason: String)
  case assign(owner: String)
  case tag(String)
  case untag(String)
  case comment(String)

  /// Its name in the API, in configuration and in the store.
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case retry, hold, release, nextPeriod, resolve, declareAbsent, reverse, discard, assign, tag,
      untag, comment
  }

  package var name: Name {
    switch self {
    case .retry: .retry
    case .hold: .hold
    case .release: .release
    case .nextPeriod: .nextPeriod
    case .resolve: .resolve
    case .declareAbsent: .declareAbsent
    case .reverse: .reverse
    case .discard: .discard
    case .assign: .assign
    case .tag: .tag
    case .untag: .untag
    case .comment: .comment
    }
  }

  /// What it carries, by the names of the API.
  package var parameters: [String: String] {
    switch self {
    case .retry, .release, .nextPeriod, .declareAbsent: [:]
    case .hold(let until): ["until": until.text]
    case .resolve(let number): ["erpNumber": number]
    case .reverse(let reason), .discard(let reason): ["reason": reason]
    case .assign(let owner): ["owner": owner]
    case .tag(let tag), .untag(let tag): ["tag": tag]
    case .comment(let text): ["text": text]
    }
  }

  /// nil for an unknown name, and when a parameter is missing or empty.
  package init?(name: String, parameters: [String: String]) {
    func text(_ name: String) -> String? { parameters[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let name = Name(rawValue: name) else { return nil }
    let action: ExceptionAction? =
      switch name {
      case .retry: .retry
      case .hold: text("until").flatMap { Moment($0) }.map { .hold(until: $0) }
      case .release: .release
      case .nextPeriod: .nextPeriod
      case .resolve: text("erpNumber").map { .resolve(erpNumber: $0) }
      case .declareAbsent: .declareAbsent
      case .reverse: text("reason").map { .reverse(reason: $0) }
      case .discard: text("reason").map { .discard(reason: $0) }
      case .assign: text("owner").map { .assign(owner: $0) }
      case .tag: text("tag").map { .tag($0) }
      case .untag: text("tag").map { .untag($0) }
      case .comment: text("text").map { .comment($0) }
      }
    guard let action else { return nil }
    self = action
  }

  /// Whether entries or postings may change by it.
  package var touchesBooks: Bool {
    switch self {
    case .retry, .nextPeriod, .resolve, .declareAbsent, .reverse, .discard: true
    case .hold, .release, .assign, .tag, .untag, .comment: false
    }
  }

  /// In words, for proposals.
  package var text: String {
    let words = parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ([name.rawValue] + words).joined(separator: ", ")
  }
}
