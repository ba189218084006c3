import Foundation
import PostingEngine
import Testing

/// Every class of exceptions has a page in `docs/runbooks`, and every page a class.
@Suite struct RunbookTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/runbooks")

  @Test func `classes and runbooks are the same`() throws {
    let pages = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    #expect(pages.sorted() == ExceptionClasses.all)
  }

  @Test(arguments: ExceptionClasses.all)
  func `a runbook says what it means, how to see why, how to fix it, and what never to do`(
    exceptionClass: String
  ) throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: exceptionClass + ".md"), encoding: .utf8)
    #expect(text.contains("Class `\(exceptionClass)`."))
    let sections = text.split(separator: "\n## ").dropFirst().map { section in
      section.split(separator: "\n", maxSplits: 1)
    }
    #expect(
      sections.map { $0.first.map(String.init) } == [
        "What it means", "How to see why", "How to fix it", "What never to do",
      ])
    #expect(sections.allSatisfy { $0.count == 2 && $0[1].count > 20 })
  }
}
