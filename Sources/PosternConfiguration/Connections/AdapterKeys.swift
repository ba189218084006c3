/// An adapter's name and the keys it reads from `connections/<code>.yaml`.
package struct AdapterKeys: Hashable, Sendable {
  package let name: String
  /// The keys it reads: `url`, `company`, `auth`. Those of every connection may be among them.
  package let keys: [String]
  /// Those of them that must be there.
  package let required: [String]

  package init(name: String, keys: some Sequence<String>, required: [String] = []) {
    self.name = name
    self.keys = keys.sorted()
    self.required = required
  }
}
