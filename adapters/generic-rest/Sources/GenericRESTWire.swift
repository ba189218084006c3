// The messages of the dialect, named as on the wire. Money travels as text.

/// An entry that is sent.
struct WireEntry: Codable, Hashable {
  var externalKey: String
  var postingDate: String
  var documentDate: String
  var currency: String
  var functionalCurrency: String
  var reference: String?
  var description: String?
  var lines: [WireLine]
}

struct WireLine: Codable, Hashable {
  var account: String
  var side: String
  var amount: String
  var functionalAmount: String
  var party: String?
  var tax: WireTax?
  var dimensions: [String: String]?
  var description: String?
}

struct WireTax: Codable, Hashable {
  var code: String
  var rate: String?
  var base: String?
}

struct WireBatch: Codable, Hashable {
  var entries: [WireEntry]
}

/// The verdict on one entry, alone or in a batch.
struct WireResult: Codable, Hashable {
  var externalKey: String
  var status: String
  var id: String?
  var number: String?
  var postedAt: String?
  /// An earlier request had booked it.
  var duplicate: Bool?
  var code: String?
  var message: String?
  var field: String?
}

struct WireBatchAnswer: Codable, Hashable {
  var results: [WireResult]
}

/// A refusal of a request: `application/problem+json`.
struct WireProblem: Codable, Hashable {
  var code: String?
  var message: String?
  /// RFC 9457's name of the text, for peers that keep to it.
  var detail: String?
  var field: String?
}

/// What a look-up needs of an entry.
struct WireFound: Codable, Hashable {
  var externalKey: String?
  var id: String?
  var number: String?
  var status: String?
  var postedAt: String?
}

struct WireFoundPage: Codable, Hashable {
  var entries: [WireFound]
  var nextCursor: String?
}

/// An entry as the books give it back.
struct WireBooked: Codable, Hashable {
  struct Line: Codable, Hashable {
    var account: String
    var side: String
    var amount: String
  }

  var number: String
  var externalKey: String?
  var postingDate: String
  var currency: String
  var lines: [Line]
}

struct WireBookedPage: Codable, Hashable {
  var entries: [WireBooked]
  var nextCursor: String?
}

struct WireCompany: Codable, Hashable {
  var code: String?
}
