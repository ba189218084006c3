import Foundation
import Testing

/// Every stable code has a section in `docs/problems.md`, where API answers and exceptions link to.
@Suite struct ProblemCodesTests {
  @Test func `every code in the sources has a section`() throws {
    let documented = Set(try Documentation.sections())
    let missing = try SourceCodes.all().filter { !documented.contains($0.key) }
    for (code, file) in missing.sorted(by: { $0.key < $1.key }) {
      Issue.record("docs/problems.md has no section '## \(code)', which \(file) uses")
    }
  }

  @Test func `every section belongs to a code in the sources`() throws {
    let codes = try SourceCodes.all()
    for section in try Documentation.sections() where codes[section] == nil {
      Issue.record("docs/problems.md has a section '## \(section)', and no source has that code")
    }
  }

  @Test func `sections are in alphabetical order, each once`() throws {
    let sections = try Documentation.sections()
    #expect(sections == Set(sections).sorted())
  }

  @Test func `links within the page lead to sections`() throws {
    let sections = Set(try Documentation.sections())
    for link in try Documentation.text().matches(of: /\]\(#([a-z0-9_]+)\)/) {
      #expect(sections.contains(String(link.output.1)), "\(link.output.0)")
    }
  }

  @Test func `the search finds codes in every way that they are written`() {
    let source = """
      Problem(code: "first_code", detail: "text_with words")
      code: count == 1 ? first?.code ?? "single" : "several"
      fail("empty", "Nothing was sent")
      public static let timeout: Self = "timeout"
      case missing = "missing_mapping"
      // A table or column of the database is no code: "entry_lines".
      """
    #expect(
      SourceCodes.codes(in: source, isForeign: false)
        == ["first_code", "single", "empty", "timeout", "missing_mapping"])
    #expect(
      SourceCodes.codes(in: #"codes(["their_code"]) code: "our_code""#, isForeign: true)
        == ["our_code"])
  }
}

/// `docs/problems.md`.
private enum Documentation {
  static func text() throws -> String {
    try String(contentsOf: Repository.root.appending(path: "docs/problems.md"), encoding: .utf8)
  }

  /// The headings that are a code alone, in the order of the page.
  static func sections() throws -> [String] {
    try text().split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /## ([a-z][a-z0-9_]*)/).map { String($0.output.1) }
    }
  }
}

/// The codes that the sources name.
private enum SourceCodes {
  /// Texts of the same form that are no codes: names in SQL, metrics, OAuth, libcrypto, and keys of JSON.
  private static let others: Set<String> = [
    "access_token", "amount_second_currency", "audit_head", "batch_rolled_back", "busy_timeout",
    "by_document",
    "class", "client_assertion", "client_assertion_type", "client_credentials", "client_id",
    "client_secret", "closed_period", "code", "company_filter", "document_waits", "end_date",
    "entry_lines", "expires_in", "foreign_keys", "grant_type", "inferred_tolerance_default",
    "model", "no_answer", "oauth_consumer_key", "oauth_nonce", "oauth_signature",
    "oauth_signature_method", "oauth_timestamp", "oauth_token", "oauth_version",
    "open_item_change_unchanged", "open_item_changes", "party_required", "post_number",
    "postern_http_requests_total", "postern_verdicts_total", "posting_order", "rated_items",
    "rated_usage_back", "rest_webservices", "rsa_padding_mode", "rsa_pss_saltlen",
    "rules_versions", "schedule_movements", "second_currency", "start_date", "token_type",
    "usage_accruals",
    "usage_billings", "usage_billings_back",
  ]

  /// By code, a file that has it.
  static func all() throws -> [String: String] {
    var found: [String: String] = [:]
    for path in try Repository.sourceFiles() {
      let text = try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
      // The tables of adapters name the ERP's codes, which are explained beside the ERP.
      let isForeign = path.hasPrefix("adapters/") && path.hasSuffix("Problems.swift")
      for code in codes(in: text, isForeign: isForeign) where found[code] == nil {
        found[code] = path
      }
    }
    return found
  }

  /// - Parameter isForeign: whether texts of the form of a code belong to somebody else, unless
  ///   they follow `code:`.
  static func codes(in text: String, isForeign: Bool) -> Set<String> {
    var found: Set<String> = []
    for match in text.matches(of: /code: [^,\n]*?"([a-z][a-z0-9_]*)"/) {
      found.insert(String(match.output.1))
    }
    for match in text.matches(of: /\bfail\(\s*"([a-z][a-z0-9_]*)"/) {
      found.insert(String(match.output.1))
    }
    for match in text.matches(of: /: Self = "([a-z][a-z0-9_]*)"/) {
      found.insert(String(match.output.1))
    }
    if !isForeign {
      for match in text.matches(of: /"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)"/) {
        found.insert(String(match.output.1))
      }
    }
    return found.subtracting(others)
  }
}

private enum Repository {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Paths of the Swift files whose codes people meet, relative to the root.
  static func sourceFiles() throws -> [String] {
    let files = FileManager.default
    let adapters = try files.contentsOfDirectory(atPath: root.appending(path: "adapters").path)
      .map { "adapters/\($0)/Sources" }
    var paths: [String] = []
    for folder in ["Sources"] + adapters.sorted() {
      let names = files.enumerator(atPath: root.appending(path: folder).path)
      while let name = names?.nextObject() as? String {
        // The conformance suite names codes only to check them.
        guard name.hasSuffix(".swift"), !name.hasPrefix("AdapterConformance/") else { continue }
        paths.append("\(folder)/\(name)")
      }
    }
    return paths.sorted()
  }
}
