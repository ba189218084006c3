extension Collection<UInt8> {
  /// Compares every byte, wherever the first difference is. Only the lengths may show in the time.
  package func equalsInConstantTime(_ other: some Collection<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return zip(self, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
