import Synchronization

/// The internal ids of master data: numbers that the account gives out, never what people call things.
///
/// An id that was never given out stands for itself, so that tests may do without looking up; but not
/// where the thing of that code is known by another id.
final class NetSuiteDirectory: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case account
    case subsidiary
    case currency
    case customer
    case department
    case classification
    case location
    case item
    case taxCode

    /// The first id of this kind; kinds stay apart, so that one taken for another is noticed.
    fileprivate var start: Int { (Kind.allCases.firstIndex(of: self) ?? 0) * 100_000 + 100_001 }
  }

  private struct Ids {
    var byCode: [String: String] = [:]
    var byId: [String: String] = [:]
  }

  private let state: Mutex<[Kind: Ids]>

  /// - Parameter ids: by kind and code.
  init(_ ids: [String: [String: String]], companies: [CompanySeed]) {
    var start: [Kind: Ids] = [:]
    for (name, codes) in ids {
      guard let kind = Kind(rawValue: name) else { continue }
      for (code, id) in codes {
        start[kind, default: Ids()].byCode[code] = id
        start[kind, default: Ids()].byId[id] = code
      }
    }
    state = Mutex(start)
    for company in companies {
      _ = id(of: company.code, .subsidiary)
      for account in company.accounts ?? [] { _ = id(of: account.number, .account) }
      for party in company.parties ?? [] { _ = id(of: party.code, .customer) }
    }
  }

  /// The id of a code, given out now if there is none.
  func id(of code: String, _ kind: Kind) -> String {
    state.withLock { state in
      var ids = state[kind] ?? Ids()
      if let id = ids.byCode[code] { return id }
      let id = String(kind.start + ids.byCode.count)
      ids.byCode[code] = id
      ids.byId[id] = code
      state[kind] = ids
      return id
    }
  }

  /// What an id stands for; nil when it cannot stand for anything.
  func code(of id: String, _ kind: Kind) -> String? {
    state.withLock { state in
      let ids = state[kind] ?? Ids()
      if let code = ids.byId[id] { return code }
      return ids.byCode[id] == nil ? id : nil
    }
  }

  /// Codes that have an id, by id.
  func all(_ kind: Kind) -> [(id: String, code: String)] {
    state.withLock { state in
      (state[kind]?.byId ?? [:]).map { (id: $0.key, code: $0.value) }
        .sorted { ($0.id.count, $0.id) < ($1.id.count, $1.id) }
    }
  }
}

/// Accounting periods: months, each with a number for its id.
enum NetSuitePeriod {
  static let firstYear = 2020
  static let lastYear = 2034

  static func id(of month: String) -> String? {
    let parts = month.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2, parts[0] >= firstYear else { return nil }
    return String((parts[0] - firstYear) * 12 + parts[1])
  }

  /// `YYYY-MM`; nil for an id that is none.
  static func month(of id: String) -> String? {
    guard let number = Int(id), number > 0, number <= (lastYear - firstYear + 1) * 12 else {
      return nil
    }
    return text(number - 1)
  }

  static var all: [String] { (0..<(lastYear - firstYear + 1) * 12).map(text) }

  /// `Mar 2026`
  static func name(of month: String) -> String {
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = month.split(separator: "-")
    guard parts.count == 2, let number = Int(parts[1]), (1...12).contains(number) else {
      return month
    }
    return "\(names[number - 1]) \(parts[0])"
  }

  private static func text(_ index: Int) -> String {
    let month = index % 12 + 1
    return "\(firstYear + index / 12)-\(month < 10 ? "0" : "")\(month)"
  }
}
