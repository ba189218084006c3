import Foundation

/// Names of time zones.
enum ZoneName {
  /// The name; nil, with a fault, when there is no such zone.
  static func checked(_ name: String, at place: FilePlace, _ findings: FindingList) -> String? {
    guard name == "UTC" || TimeZone(identifier: name) != nil else {
      findings.error(
        "unknown_value", place, "There is no time zone '\(name)'",
        fix: "Write an IANA name such as Europe/Berlin, or UTC")
      return nil
    }
    return name
  }
}
