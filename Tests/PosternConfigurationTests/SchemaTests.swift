import Foundation
import PosternConfiguration
import PostingRules
import TestSupport
import Testing

@Suite struct SchemaTests {
  /// The schema at `entity.schema.json#/properties/policies`.
  private func schema(at address: String) throws -> [String: Any] {
    let parts = address.split(separator: "#", maxSplits: 1)
    let bytes = try #require(ConfigurationSchemas.files[String(parts[0])])
    var value = try JSONSerialization.jsonObject(with: Data(bytes))
    for key in parts.dropFirst().first?.split(separator: "/") ?? [] {
      value = try #require((value as? [String: Any])?[String(key)], "\(address) exists")
    }
    return try #require(value as? [String: Any])
  }

  @Test(arguments: KnownTable.all)
  func `reader and schema know the same keys`(table: KnownTable) throws {
    let properties = try #require(try schema(at: table.schema)["properties"] as? [String: Any])
    #expect(properties.keys.sorted() == table.keys.sorted())
  }

  private static let conditions = [
    "accounts.schema.json#/items/properties/when",
    "dimensions.schema.json#/$defs/row/properties/when",
  ]

  @Test(arguments: conditions)
  func `conditions in the schema are the attributes of the rules`(address: String) throws {
    let when = try schema(at: address)
    let properties = try #require(when["properties"] as? [String: Any])
    #expect(properties.keys.sorted() == AttributeName.simple.map(\.text).sorted())
  }

  @Test func `no schema knows a table that no reader knows`() throws {
    // Every object with fixed keys is the schema of a known table, or the conditions of a row.
    let known = Set(
      KnownTable.all.map(\.schema) + Self.conditions + ["dimensions.schema.json#/$defs/match"])
    // What adapters of one's own say is read beside them, and compared there.
    for (name, bytes) in ConfigurationSchemas.files where name != "adapter.schema.json" {
      let root = try JSONSerialization.jsonObject(with: Data(bytes))
      for address in Self.objects(in: root, at: "") {
        let full = address.isEmpty ? name : "\(name)#\(address)"
        #expect(known.contains(full), "\(full)")
      }
    }
  }

  private static func objects(in value: Any, at address: String) -> [String] {
    guard let table = value as? [String: Any] else {
      return (value as? [Any] ?? []).enumerated().flatMap {
        objects(in: $0.element, at: "\(address)/\($0.offset)")
      }
    }
    let isSchema = table["properties"] is [String: Any] && table["type"] != nil
    return (isSchema ? [address] : [])
      + table.flatMap { objects(in: $0.value, at: "\(address)/\($0.key)") }
  }

  // MARK: Validation

  /// What an editor sees: plain scalars as YAML 1.2 reads them.
  private static func json(_ value: YAMLValue) -> Any {
    switch value.content {
    case .empty: return NSNull()
    case .text(let text, let isQuoted):
      if isQuoted { return text }
      if text == "true" || text == "false" { return text == "true" }
      if let number = Int(text) { return number }
      return Double(text) ?? text
    case .list(let values): return values.map(json)
    case .table(let fields):
      return Dictionary(fields.map { ($0.key, json($0.value)) }) { first, _ in first }
    }
  }

  /// Checks `{ "instance", "schema" }` objects, one for each line, and prints what is wrong.
  private static let validator = """
    import json, sys
    from jsonschema import Draft202012Validator as V
    for line in sys.stdin:
        case = json.loads(line)
        V.check_schema(case["schema"])
        for error in V(case["schema"]).iter_errors(case["instance"]):
            print(case["file"], error.json_path, error.message)
    """

  private static func python(_ script: String, input: Data) throws -> (
    status: Int32, output: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", script]
    let stdout = Pipe()
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    // Standard input comes from a file: a pipe fills up while nobody reads the other.
    let folder = try TemporaryFolder()
    let path = try folder.write([UInt8](input), to: "cases")
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    try process.run()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  static let hasValidator =
    (try? python("import jsonschema", input: Data()))?.status == 0

  private func faults(_ files: [String: [UInt8]]) throws -> String {
    var input = Data()
    for (file, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard let name = ConfigurationSchemas.name(forFile: file) else { continue }
      let value = try #require(YAMLReader().read(bytes, file: file, into: FindingList()))
      let schema = try JSONSerialization.jsonObject(
        with: Data(try #require(ConfigurationSchemas.files[name])))
      input += try JSONSerialization.data(
        withJSONObject: ["file": file, "instance": Self.json(value), "schema": schema])
      input += Data("\n".utf8)
    }
    let (status, output) = try Self.python(Self.validator, input: input)
    #expect(status == 0)
    return output
  }

  @Test(.enabled(if: hasValidator))
  func `what init writes validates against its schemas`() throws {
    var generator = SeededGenerator(1)
    #expect(try faults(ConfigurationTemplate(using: &generator).files) == "")
  }

  @Test(.enabled(if: hasValidator))
  func `a schema refuses an unknown key`() throws {
    #expect(try faults(["entities/A.yaml": [UInt8]("curency: EUR\n".utf8)]).contains("curency"))
  }

  @Test func `every YAML file that init writes names its schema, which lies beside it`() throws {
    var generator = SeededGenerator(1)
    let files = try ConfigurationTemplate(using: &generator).files
    for (file, bytes) in files where file.hasSuffix(".yaml") {
      let first = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }
      let path = try #require(first.split(separator: "=").last)
      let folder = file.contains("/") ? "../" : ""
      #expect(path.hasPrefix(folder + "schemas/"), "\(file)")
      #expect(files[String(path.dropFirst(folder.count))] != nil, "\(file)")
    }
  }
}
