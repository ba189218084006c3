/// A dimension that the books know.
package struct KnownDimension: Hashable, Sendable {
  package var code: String
  package var name: String
  /// nil when any value is taken.
  package var values: [String]?

  package init(code: String, name: String, values: [String]? = nil) {
    self.code = code
    self.name = name
    self.values = values
  }
}
