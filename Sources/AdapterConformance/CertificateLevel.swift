/// How far an adapter is proven.
public enum CertificateLevel: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Books what it is given, and says what became of it.
  case bronze
  /// Also when messages are lost, doubled, late or refused.
  case silver
  /// Also in thousands of runs with faults at random.
  case gold

  public static func < (left: CertificateLevel, right: CertificateLevel) -> Bool {
    allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
  }
}
