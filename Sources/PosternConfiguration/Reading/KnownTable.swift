/// A table of the configuration: the keys it knows, and where its JSON Schema describes it.
package struct KnownTable: Hashable, Sendable {
  /// In words, for messages: `an entity`.
  package let name: String
  package let keys: [String]
  /// The schema file and a JSON pointer in it: `entity.schema.json#/$defs/policies`.
  package let schema: String

  init(_ name: String, schema: String, keys: [String]) {
    self.name = name
    self.schema = schema
    self.keys = keys
  }
}
