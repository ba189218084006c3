import AdapterKit
import HTTPTransport
import Ledger
import Mustache

/// A text with names in it, in a closed form of Mustache: no partials, no pragmas, nothing unescaped.
struct TextTemplate: Sendable {
  private let template: MustacheTemplate?
  private let text: String
  let place: String

  /// A template that gives nothing.
  static let empty = TextTemplate()

  private init() {
    template = nil
    text = ""
    place = ""
  }

  private static let positions: Set<String> = ["first", "last", "index", "even", "odd"]

  /// - Throws: ``Problem`` `invalid_template` with the line in the file.
  init(_ text: String, escaping: Escaping, place: String) throws(Problem) {
    self.place = place
    self.text = text
    try TextTemplate.checkTags(text, escaping, place)
    MustacheContentTypes.register(escaping, named: escaping.name)
    do {
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(escaping.name)}}" + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TextTemplate.problem(
        "\(error.error)", at: place, line: error.context.lineNumber,
        fix: "Close every section with its own name, and every tag with }}")
    } catch {
      throw TextTemplate.problem("\(error)", at: place, line: 1, fix: "Correct the template")
    }
  }

  private static func checkTags(
    _ text: String, _ escaping: Escaping, _ place: String
  ) throws(Problem) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      for tag in line.matches(of: /\{\{\s*([{&><$%=]?)\s*[#^\/]?\s*(?:([a-zA-Z]*)\(\))?/) {
        guard tag.output.1.isEmpty else {
          throw problem(
            "'{{\(tag.output.1)' is not allowed: every value is escaped, and nothing is included",
            at: place, line: index + 1, fix: "Write the name between {{ and }}")
        }
        if let position = tag.output.2, !positions.contains(String(position)) {
          throw problem(
            "there is no position '\(position)()'", at: place, line: index + 1,
            fix: "Use first(), last(), index(), even() or odd()")
        }
      }
      if escaping == .csv, line.contains("\"{{") {
        throw problem(
          "a value stands between quotes", at: place, line: index + 1,
          fix: "Leave them out: a value gets quotes where it needs them")
      }
    }
  }

  private static func problem(
    _ text: String, at place: String, line: Int, fix: String
  ) -> Problem {
    Problem(
      code: "invalid_template", pointer: pointer(to: line, of: place),
      detail: "The template cannot be used: \(text)", fix: fix)
  }

  /// - Parameter line: nil where it is not known.
  private static func pointer(to line: Int?, of place: String) -> String {
    // An inline template's place has a line already.
    guard let line, !place.contains(":") else { return place }
    return "\(place):\(line)"
  }

  /// The first line with a tag that has this word.
  private func line(of word: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.firstIndex { line in
      line.matches(of: /\{\{[^}]*\}\}/).contains { $0.output.contains(word) }
    }.map { $0 + 1 }
  }

  /// - Throws: ``Problem`` `invalid_template` for a name or filter that does not exist, and for a value
  ///   that does not fit.
  func render(
    _ subject: RootFields.Subject, _ connection: ConnectionFields, cursor: String? = nil
  ) throws(Problem) -> String {
    let faults = RenderFaults()
    let root = RootFields(
      subject: subject, connection: connection, cursor: cursor, faults: faults)
    let text = template?.render(root) ?? ""
    guard let fault = faults.all.first else { return text }
    throw Problem(
      code: "invalid_template",
      pointer: TextTemplate.pointer(to: fault.word.flatMap(line), of: place),
      detail: "The template cannot be filled: "
        + faults.all.map(\.text).joined(separator: "; "),
      fix: "Correct the name, or choose a filter that the value fits into")
  }
}

/// A request as the definition writes it.
struct RequestTemplate: Sendable {
  let method: HTTPMethod
  /// Below the connection's `url`.
  let path: TextTemplate
  let headers: [(name: String, value: TextTemplate)]
  let body: TextTemplate?
  let contentType: String

  func request(
    _ subject: RootFields.Subject, _ connection: DeclarativeConnection, cursor: String? = nil
  ) throws(Problem) -> HTTPRequest {
    let fields = connection.fields
    var request = HTTPRequest(
      method, connection.url + (try path.render(subject, fields, cursor: cursor)),
      headers: connection.headers, timeout: connection.limits.timeout)
    if let body {
      request.body = Array(try body.render(subject, fields, cursor: cursor).utf8)
      request.headers["Content-Type"] = contentType
    }
    for header in headers {
      request.headers[header.name] = try header.value.render(subject, fields, cursor: cursor)
    }
    return request
  }
}
