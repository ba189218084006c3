import Foundation
import PosternConfiguration
import PostingRules
import TestSupport
import Testing

@Suite struct DocumentationTests {
  @Test func `the documentation names every key and every attribute`() throws {
    let path = SharedData.repositoryRoot + "/docs/configuration.md"
    let text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    let names = KnownTable.all.flatMap(\.keys) + AttributeName.simple.map(\.text)
    for name in Set(names).sorted() {
      #expect(text.contains("`\(name)`") || text.contains("`\(name): "), "\(name)")
    }
  }
}
