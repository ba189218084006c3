public import AdapterKit
import HTTPAdapterKit
import HTTPTransport
import Ledger
import Synchronization

/// One request and its answer, as they were recorded: a test of a definition without an ERP.
public struct RecordedExchange: Sendable {
  public let name: String
  private let does: Act
  private let entry: String
  private let company: String
  private let parameters: [String: String]
  private let method: String?
  private let path: String?
  private let contains: [String]
  private let response: HTTPResponse
  private let expected: [String: String]
  private let place: String

  private enum Act: String, CaseIterable { case submit, find, check }

  static let keys: Set<String> = [
    "name", "does", "entry", "company", "parameters", "request", "answer", "expect",
  ]

  /// Reads a file of `exchanges/`: a list of exchanges.
  ///
  /// - Throws: ``SettingsFault`` with everything that is wrong, by file and line.
  public static func read(
    _ value: SettingValue, of adapter: AdapterSettings
  ) throws(SettingsFault) -> [RecordedExchange] {
    let items: [SettingValue]
    if case .list(let list) = value.content { items = list } else { items = [value] }
    var exchanges: [RecordedExchange] = []
    for item in items {
      guard case .table(let table) = item.content else {
        throw SettingsFault([
          SettingsReader(adapter).wrongType(item, "An exchange", "a table of keys")
        ])
      }
      exchanges.append(try RecordedExchange(adapter.with(table, at: item.place)))
    }
    return exchanges
  }

  private init(_ settings: AdapterSettings) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    place = settings.place
    name = reader.text("name")
    does = reader.value(or: .submit) { settings throws(Problem) in
      try settings.choice("does", default: Act.submit)
    }
    entry = reader.optionalText("entry") ?? "plain"
    company = reader.optionalText("company") ?? "DE01"
    parameters = reader.value(or: [:]) { settings throws(Problem) in
      try settings.texts("parameters")
    }
    (method, path, contains) = reader.below(
      "request", knownKeys: ["method", "path", "contains"]
    ) { reader in
      (reader.optionalText("method"), reader.optionalText("path"), reader.texts("contains"))
    }
    response = reader.below("answer", knownKeys: ["status", "headers", "body"]) { reader in
      HTTPResponse(
        status: reader.statuses("status", default: [200]).first ?? 200,
        headers: reader.value(or: [:]) { settings throws(Problem) in
          try settings.plainHeaders()
        }, body: Array((reader.optionalText("body") ?? "").utf8))
    }
    expected = reader.value(or: [:]) { settings throws(Problem) in try settings.texts("expect") }
    try reader.finish(knownKeys: Self.keys)
  }

  /// Plays the exchange; what was other than recorded, empty when nothing was.
  ///
  /// - Parameter samples: entries by the names that exchanges use.
  public func faults(
    in definition: DeclarativeDefinition, settings: AdapterSettings, samples: [String: Submission]
  ) async -> [String] {
    guard let submission = samples[entry] else {
      let known = samples.keys.sorted().joined(separator: ", ")
      return ["\(place): there is no sample '\(entry)'; there are \(known)"]
    }
    let base = "https://erp.example"
    func text(_ text: String) -> SettingValue { SettingValue(.text(text), place: place) }
    var values = parameters.mapValues(text)
    for name in definition.parameters.keys where values[name] == nil {
      values[name] = definition.parameters[name].flatMap { $0 }.map(text) ?? text("P-1")
    }
    values["url"] = text(base)
    values["company"] = text(company)
    values["auth"] = SettingValue(.table(["type": text("none")]), place: place)
    let client = ReplayingClient(
      key: definition.traits.keyField.text(for: submission.key), response)
    let adapter: DeclarativeAdapter
    do throws(SettingsFault) {
      adapter = try DeclarativeAdapter(
        definition, settings: settings.with(values, at: place), http: client,
        now: { Moment(milliseconds: 0) })
    } catch {
      return error.problems.map { "\($0.pointer): \($0.detail)" }
    }
    let seen = await outcome(of: submission, adapter)
    var faults = expected.sorted { $0.key < $1.key }.filter { seen[$0.key] != $0.value }
      .map { "\(place): \($0.key) is \(seen[$0.key] ?? "nothing"), not \($0.value)" }
    guard let request = client.request else { return faults + ["\(place): nothing was sent"] }
    if let method, request.method.rawValue != method {
      faults.append("\(place): the method is \(request.method), not \(method)")
    }
    let sent = String(request.url.dropFirst(base.count))
    let key = definition.traits.keyField.text(for: submission.key)
    if let path, sent != path.replacing("KEY", with: key) {
      faults.append("\(place): the path is \(sent), not \(path)")
    }
    let body = String(decoding: request.body, as: UTF8.self)
    for part in contains where !body.contains(part.replacing("KEY", with: key)) {
      faults.append("\(place): the body does not contain \(part), it is \(body)")
    }
    return faults
  }

  private func outcome(
    of submission: Submission, _ adapter: DeclarativeAdapter
  ) async -> [String: String] {
    switch does {
    case .check:
      let problems = await adapter.check()
      return ["outcome": problems.isEmpty ? "fine" : "problem", "code": problems.first?.code ?? ""]
    case .find:
      switch await adapter.find(submission.key) {
      case .found(let receipt): return ["outcome": "found", "number": receipt.number]
      case .absent: return ["outcome": "absent"]
      case .cannotTell(let problem): return ["outcome": "cannotTell", "code": problem.code]
      }
    case .submit:
      switch await adapter.submit([submission])[submission.key] {
      case .posted(let receipt)?: return ["outcome": "posted", "number": receipt.number]
      case .alreadyPosted(let receipt)?:
        return ["outcome": "alreadyPosted", "number": receipt.number]
      case .submitted(let ticket)?: return ["outcome": "submitted", "number": ticket.text]
      case .rejected(let rejection)?:
        return [
          "outcome": "rejected", "class": rejection.rejectionClass.rawValue,
          "code": rejection.erpCode ?? "",
        ]
      case .retryLater(let later)?: return ["outcome": "retryLater", "code": later.problem.code]
      case .unknown(let problem)?: return ["outcome": "unknown", "code": problem.code]
      case nil: return ["outcome": "nothing"]
      }
    }
  }
}

/// Gives the recorded answer to every request, with the entry's key where `KEY` stands.
private final class ReplayingClient: HTTPClient {
  private let response: HTTPResponse
  private let last = Mutex<HTTPRequest?>(nil)

  init(key: String, _ response: HTTPResponse) {
    var response = response
    response.body = Array(response.text.replacing("KEY", with: key).utf8)
    self.response = response
  }

  var request: HTTPRequest? { last.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    last.withLock { $0 = request }
    return response
  }
}
