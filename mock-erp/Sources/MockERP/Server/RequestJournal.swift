import Foundation

/// The latest requests, for tests to look at. Older ones fall out.
actor RequestJournal {
  struct Record: Sendable {
    let number: Int
    let receivedAt: Date
    let method: String
    let path: String
    let dialect: String?
    let operation: String?
    let company: String?
    /// The first keys of a batch, see ``RequestJournal/keysKept``.
    let keys: [String]
    let keyCount: Int
    /// The act of the fault that met the request.
    var fault: String?
    /// nil while there is no answer, or when there never was one.
    var status: Int?
    var isFinished = false
  }

  /// Keys of a batch that are kept with a request.
  static let keysKept = 100

  private let limit: Int
  private var ring: [Record] = []
  private var total = 0

  init(limit: Int) {
    self.limit = max(1, limit)
  }

  /// Notes an arrival; the number names it later on.
  func begin(
    at moment: Date, method: String, path: String, dialect: String?, operation: String?,
    company: String?, keys: [String]
  ) -> Int {
    total += 1
    let record = Record(
      number: total, receivedAt: moment, method: method, path: path, dialect: dialect,
      operation: operation, company: company, keys: Array(keys.prefix(Self.keysKept)),
      keyCount: keys.count)
    if ring.count < limit {
      ring.append(record)
    } else {
      ring[(total - 1) % limit] = record
    }
    return total
  }

  /// Notes how a request ended; `status` nil means without an answer.
  func end(_ number: Int, status: Int?, fault: String?) {
    guard number > 0, number <= total, number > total - ring.count else { return }
    ring[(number - 1) % limit].status = status
    ring[(number - 1) % limit].fault = fault
    ring[(number - 1) % limit].isFinished = true
  }

  /// The requests that fit, oldest first, the latest `count` of them.
  func records(latest count: Int, where fits: @Sendable (Record) -> Bool) -> [Record] {
    let ordered = ring.sorted { $0.number < $1.number }
    return Array(ordered.filter(fits).suffix(count))
  }

  func reset() {
    ring = []
    total = 0
  }
}
