/// The expanded name of an element or attribute: what its prefix stands for, and the local part.
public struct XMLName: Hashable, Sendable, CustomStringConvertible {
  /// The namespace name; `""` when the name is in no namespace.
  public let namespace: String
  public let local: String

  public init(_ local: String, in namespace: String = "") {
    self.namespace = namespace
    self.local = local
  }

  public init(namespace: String, local: String) {
    self.namespace = namespace
    self.local = local
  }

  /// The local part, with the namespace in braces before it when there is one.
  public var description: String { namespace.isEmpty ? local : "{\(namespace)}\(local)" }

  // Most names that are compared differ in the local part.
  public static func == (left: XMLName, right: XMLName) -> Bool {
    left.local == right.local && left.namespace == right.namespace
  }
}
