/// How large a YAML file of the configuration may be.
package struct YAMLLimits: Hashable, Sendable {
  package var bytes = 4 * 1_024 * 1_024
  /// Lists and tables inside one another.
  package var depth = 32
  /// The column in which a block may begin.
  package var indentation = 128
  /// Words in texts that begin with `*` as an alias does.
  package var quotedAliases = 32
  /// Keys written twice that are told apart in one file; a file with more is given up.
  package var duplicateKeys = 16

  package init() {}
}
