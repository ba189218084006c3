import AdapterKit
import Foundation
import PosternConfiguration
import Testing

@testable import DeclarativeAdapter
@testable import ProcessAdapter

/// The JSON Schema that editors use for `adapter.yaml` is what the readers know.
@Suite struct AdapterSchemaTests {
  private func keys(_ path: String...) throws -> Set<String> {
    let bytes = try #require(ConfigurationSchemas.files["adapter.schema.json"])
    var value = try JSONSerialization.jsonObject(with: Data(bytes))
    for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
    let table = try #require(value as? [String: Any])
    return Set(try #require(table["properties"] as? [String: Any]).keys)
  }

  @Test func `reader and schema know the same keys`() throws {
    #expect(try keys("$defs", "declarative") == DefinitionReader.keys)
    #expect(try keys("$defs", "process") == ProcessDefinition.keys)
    #expect(try keys("$defs", "descriptor") == DescriptorReader.keys)
    let sections: [(String, Set<String>)] = [
      ("submit", DefinitionReader.submitKeys), ("find", DefinitionReader.findKeys),
      ("batch", DefinitionReader.submitKeys.union(["results"])),
      ("readBack", DefinitionReader.bookKeys),
    ]
    for (name, known) in sections {
      #expect(try keys("$defs", "declarative", "properties", name) == known, "\(name)")
    }
  }
}
