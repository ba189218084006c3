import Foundation
import TestSupport
import Testing

/// `UPDATE_GOLDEN=1` rewrites the pages, and the tests fail all the same so that they get read.
@Suite struct TreatmentPageTests {
  static let folder = SharedData.repositoryRoot + "/docs/accounting"

  static func page(_ topic: String) throws -> TreatmentPage {
    let about = CaseReader.folder + "/" + topic + "/about.md"
    let text = (try? String(contentsOfFile: about, encoding: .utf8)) ?? ""
    return TreatmentPage(
      topic: topic,
      cases: try CaseReader.names.filter { $0.hasPrefix(topic + "/") }.map(CaseReader.read),
      about: text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test(arguments: CaseReader.topics)
  func `a page shows what its cases prove`(topic: String) throws {
    try expect(Self.page(topic).text, in: topic + ".md")
  }

  @Test func `the index names every page and its examples`() throws {
    var text = """
      # Accounting treatments

      What each kind of document becomes in the books. Every entry on these pages is a worked example that
      the tests run from the document to the store; the pages are made from the same files.

      | Page | Worked examples |
      |---|---|

      """
    for topic in CaseReader.topics {
      let page = try Self.page(topic)
      let titles = page.cases.map(\.title).joined(separator: "; ")
      text += "| [\(page.title)](\(topic).md) | \(titles) |\n"
    }
    text +=
      "\nA new example is a file in `Tests/AccountingTests/Cases/<topic>/`; "
      + "`UPDATE_GOLDEN=1 swift test --filter AccountingTests`\nwrites its page.\n"
    try expect(text, in: "README.md")
  }

  private func expect(_ text: String, in name: String) throws {
    let file = Self.folder + "/" + name
    let present = try? String(contentsOfFile: file, encoding: .utf8)
    if present != text, ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        atPath: Self.folder, withIntermediateDirectories: true)
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let isSame = present == text
    #expect(
      isSame,
      "docs/accounting/\(name) and its cases differ: run with UPDATE_GOLDEN=1 and read the diff")
  }
}
