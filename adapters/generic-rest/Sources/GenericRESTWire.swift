import AdapterKit

// The answers of the dialect, named as on the wire. Money travels as text.

/// The verdict on one entry, alone or in a batch.
struct WireResult: Decodable, Hashable {
  var externalKey: String
  var status: String
  var id: NumberText?
  var number: NumberText?
  var postedAt: String?
  /// An earlier request had booked it.
  var duplicate: Bool?
  var code: String?
  var message: String?
  var field: String?
}

struct WireBatchAnswer: Decodable, Hashable {
  var results: [WireResult]
}

/// A refusal of a request: `application/problem+json`.
struct WireProblem: Decodable, Hashable {
  var code: String?
  var message: String?
  /// RFC 9457's name of the text, for peers that keep to it.
  var detail: String?
  var field: String?
}

/// What a look-up needs of an entry.
struct WireFound: Decodable, Hashable {
  var externalKey: String?
  var id: NumberText?
  var number: NumberText?
  var status: String?
  var postedAt: String?
}

struct WireFoundPage: Decodable, Hashable {
  var entries: [WireFound]
  /// Of an error that came with status 200.
  var code: String?
  var nextCursor: String?
}

/// An entry as the books give it back.
struct WireBooked: Decodable, Hashable {
  struct Line: Decodable, Hashable {
    var account: String
    var side: String
    var amount: String
  }

  var number: NumberText
  var externalKey: String?
  var postingDate: String
  var currency: String
  var lines: [Line]
}

struct WireBookedPage: Decodable, Hashable {
  var entries: [WireBooked]
  var nextCursor: String?
}

struct WireCompany: Decodable, Hashable {
  var code: String?
}
