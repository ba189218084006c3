/// A conversion with what was considered for each of its lines.
package struct Explanation: Sendable {
  package let conversion: Conversion
  /// By entry, then line: every row of the role's table, the first tried first. The line's reason
  /// says which one won.
  package let considered: [[[ConsideredRow]]]

  init(conversion: Conversion, considered: [[[ConsideredRow]]] = []) {
    self.conversion = conversion
    self.considered = considered
  }
}
