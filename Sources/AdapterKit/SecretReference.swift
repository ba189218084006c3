/// Where a secret is kept: `env:NAME` or `file:PATH`. The configuration never holds it inline.
public enum SecretReference: Hashable, Sendable {
  case environment(String)
  case file(String)

  /// nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "env": self = .environment(String(parts[1]))
    case "file": self = .file(String(parts[1]))
    default: return nil
    }
  }
}

extension SecretReference: CustomStringConvertible {
  public var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    }
  }
}

/// Resolves references to secrets.
public protocol SecretSource: Sendable {
  /// nil when there is none.
  func secret(_ reference: SecretReference) -> String?
}
