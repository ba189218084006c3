import Ledger
import LedgerJSON
import StrictJSON
import Testing

@Suite struct DocumentSchemaTests {
  @Test func `the schema is JSON and knows every type of document and every list of values`() throws
  {
    let root = try JSONText(DocumentSchema.bytes).root
    #expect(root["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    func values(_ view: JSONView?) -> [String]? { view?["enum"]?.array?.compactMap(\.string) }
    #expect(values(root["properties"]?["type"]) == DocumentType.handedOver.map(\.rawValue))
    #expect(values(root["$defs"]?["category"]) == TaxCategory.allCases.map(\.rawValue))
    #expect(
      values(root["$defs"]?["line"]?["properties"]?["kind"])
        == DocumentLine.Kind.allCases.map(\.rawValue))
    #expect(root["allOf"]?.array?.count == DocumentType.handedOver.count)
  }

  @Test func `every field the schema has is one the reader knows`() throws {
    let root = try JSONText(DocumentSchema.bytes).root
    let conditions = try #require(root["allOf"]?.array)
    for (condition, sample) in zip(conditions, Samples.all) {
      let fields = [root["properties"], condition["then"]?["properties"]]
        .flatMap { $0?.object.map { $0.map(\.key) } ?? [] }
      // An empty object stands for each field the sample lacks: of a wrong type, but known.
      let present = Set(try JSONText(sample).root.object?.map(\.key) ?? [])
      let added = fields.filter { !present.contains($0) }.map { "\"\($0)\":{}," }.joined()
      let text = sample.replacing("{", with: "{" + added, maxReplacements: 1)
      guard case .failure(let faults) = DocumentReader().read(Array(text.utf8)) else { continue }
      #expect(!faults.problems.contains { $0.code == "unknown_field" })
    }
  }
}
