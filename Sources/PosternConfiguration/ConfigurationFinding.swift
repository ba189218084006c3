package import Ledger

/// What the check of a configuration found: how bad it is, and the problem with its place.
package struct ConfigurationFinding: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable, CaseIterable {
    /// The configuration is not used until this is mended.
    case error
    /// Works, and is probably not what is meant.
    case warning
    /// Worth knowing.
    case notice
  }

  package let severity: Severity
  package let problem: Problem

  package init(_ severity: Severity, _ problem: Problem) {
    self.severity = severity
    self.problem = problem
  }
}

/// Why a configuration cannot be used: what was found in the folder, by file and line.
package struct ConfigurationFaults: Error, Hashable, Sendable {
  /// Errors, with the warnings and notices beside them.
  package let findings: [ConfigurationFinding]

  package init(findings: [ConfigurationFinding]) { self.findings = findings }

  /// The errors alone.
  package var problems: [Problem] {
    findings.filter { $0.severity == .error }.map(\.problem)
  }
}
