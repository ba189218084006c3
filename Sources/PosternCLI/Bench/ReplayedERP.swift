internal import AdapterKit
internal import HTTPTransport
internal import Ledger
internal import Synchronization

/// Passes requests on while it records, and then answers from memory, with other keys in the answers.
final class ReplayedERP: HTTPClient {
  private struct State {
    var isRecording = true
    var answers: [Answer] = []
    var keys: [[UInt8]] = []
    var next = 0

    /// nil while it records.
    mutating func nextAnswer() -> HTTPResponse? {
      guard !isRecording else { return nil }
      guard next < answers.count else { return HTTPResponse(status: 503) }
      defer { next += 1 }
      return answers[next].response(keys)
    }
  }

  /// An answer cut up where keys stand in it.
  fileprivate struct Answer {
    enum Piece {
      case bytes([UInt8])
      /// The n-th key of the batch.
      case key(Int)
    }

    var status: Int
    var headers: HTTPHeaders
    var body: [Piece]
  }

  private let http: any HTTPClient
  private let state = Mutex(State())

  init(_ http: any HTTPClient) { self.http = http }

  /// Begins with a batch: its answers are recorded, and those before it forgotten.
  func record(_ batch: [Submission]) {
    state.withLock { state in
      state = State()
      state.keys = ReplayedERP.keys(of: batch)
    }
  }

  /// Begins with a batch as large as the one recorded: it gets the same answers under its own keys.
  func replay(_ batch: [Submission]) {
    let keys = ReplayedERP.keys(of: batch)
    state.withLock { state in
      state.isRecording = false
      state.keys = keys
      state.next = 0
    }
  }

  private static func keys(of batch: [Submission]) -> [[UInt8]] {
    batch.map { Array($0.key.text.utf8) }
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    if let answer = state.withLock({ $0.nextAnswer() }) { return answer }
    let response = try await http.send(request)
    state.withLock { $0.answers.append(Answer(response, keys: $0.keys)) }
    return response
  }
}

extension ReplayedERP.Answer {
  fileprivate init(_ response: HTTPResponse, keys: [[UInt8]]) {
    status = response.status
    headers = response.headers
    let places = Dictionary(
      keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let length = keys.first?.count ?? .max
    var rest = response.body[...]
    var plain: [UInt8] = []
    var pieces: [Piece] = []
    while let byte = rest.first {
      if let place = places[Array(rest.prefix(length))] {
        pieces += [.bytes(plain), .key(place)]
        plain = []
        rest = rest.dropFirst(length)
      } else {
        plain.append(byte)
        rest = rest.dropFirst()
      }
    }
    body = pieces + [.bytes(plain)]
  }

  fileprivate func response(_ keys: [[UInt8]]) -> HTTPResponse {
    var bytes: [UInt8] = []
    for piece in body {
      switch piece {
      case .bytes(let plain): bytes += plain
      case .key(let place): bytes += keys[place]
      }
    }
    return HTTPResponse(status: status, headers: headers, body: bytes)
  }
}
