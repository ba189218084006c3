import Foundation
import Yams

/// Reads and writes lists of faults: YAML, and JSON as a part of it.
public enum FaultFile {
  /// Why a fault file was not taken.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads a list of rules.
  ///
  /// - Throws: ``Fault`` naming the rule and the member that is wrong.
  public static func read(_ text: String) throws(Fault) -> [FaultRule] {
    let loaded: Any?
    do {
      loaded = try Yams.load(yaml: text)
    } catch {
      throw Fault(description: "The fault file is not YAML: \(error)")
    }
    guard let loaded else { return [] }
    guard let list = loaded as? [Any] else {
      throw Fault(description: "The fault file is not a list of rules")
    }
    var rules: [FaultRule] = []
    for (index, item) in list.enumerated() {
      rules.append(try rule(FaultNode(item, at: "rule \(index + 1)")))
    }
    return rules
  }

  // MARK: Parts

  private static func rule(_ node: FaultNode) throws(Fault) -> FaultRule {
    // The counts are what the admin API shows besides; handing them back changes nothing.
    try node.allow(["name", "match", "act", "probability", "times", "matched", "acted"])
    let match = try node.member("match").map { node throws(Fault) in try Self.match(node) }
    guard let actNode = node.member("act") else {
      throw Fault(description: "\(node.place): act is missing")
    }
    let (act, delay) = try Self.act(actNode)
    let probability = try node.member("probability")
      .map { node throws(Fault) in try node.number() }
    if let probability, !(0...1).contains(probability) {
      throw Fault(description: "\(node.place): probability is not from 0 to 1")
    }
    return FaultRule(
      name: try node.text("name"), match: match ?? FaultRule.Match(), act: act,
      delayMilliseconds: delay, probability: probability,
      times: try node.whole("times", from: 1))
  }

  private static func match(_ node: FaultNode) throws(Fault) -> FaultRule.Match {
    try node.allow(["dialect", "company", "operation", "externalKey", "call"])
    return FaultRule.Match(
      dialect: try node.text("dialect"), company: try node.text("company"),
      operation: try node.text("operation"), externalKey: try node.text("externalKey"),
      calls: try node.member("call").map { node throws(Fault) in try node.wholes(from: 1) } ?? [])
  }

  private static let words = [
    "status", "reset", "malformed", "bookThenDrop", "bookThenStatus", "bookThenDelay",
    "dropThenBook", "throttle",
    "refuse", "refusePart", "duplicate",
  ]

  /// An act is one word, or a mapping from the word to its details; `delay` may stand beside it.
  private static func act(_ node: FaultNode) throws(Fault) -> (FaultRule.Act, Int) {
    if let word = node.value as? String {
      guard words.contains(word) else {
        throw Fault(description: "\(node.place): there is no act \(word)")
      }
      return (try act(word, FaultNode([String: Any](), at: "\(node.place).\(word)")), 0)
    }
    try node.allow(words + ["delay"])
    let delay = try node.whole("delay", from: 0)
    let given = words.filter { node.member($0) != nil }
    guard given.count <= 1, delay != nil || !given.isEmpty else {
      throw Fault(description: "\(node.place): one act, with or without a delay, is expected")
    }
    guard let word = given.first, let details = node.member(word) else {
      return (.wait, delay ?? 0)
    }
    return (try act(word, details), delay ?? 0)
  }

  private static func act(_ word: String, _ node: FaultNode) throws(Fault) -> FaultRule.Act {
    switch word {
    case "status": return .status(try status(node, otherwise: 503))
    case "reset": return .reset
    case "malformed":
      try node.allowIfMapping(["booked"])
      return .malformed(booked: try node.flag("booked") ?? true)
    case "bookThenDrop": return .bookThenDrop
    case "bookThenStatus": return .bookThenStatus(try status(node, otherwise: 500))
    case "bookThenDelay": return .bookThenDelay(try milliseconds(node))
    case "dropThenBook": return .dropThenBook(try milliseconds(node))
    case "throttle":
      try node.allowIfMapping(["retryAfter"])
      return .throttle(retryAfter: try node.whole("retryAfter", from: 0) ?? 1)
    case "refuse":
      try node.allowIfMapping(["code", "message", "field"])
      return .refuse(try refusal(node))
    case "refusePart":
      try node.allowIfMapping(["every", "keys", "code", "message", "field"])
      let keys = try node.member("keys").map { node throws(Fault) in try node.texts() }
      if let keys { return .refusePart(.keys(keys), try refusal(node)) }
      let step = try node.whole("every", from: 1) ?? Self.usualStep
      return .refusePart(.every(step), try refusal(node))
    default: return .duplicate
    }
  }

  /// `refusePart` without details refuses each second entry.
  private static let usualStep = 2

  private static func status(_ node: FaultNode, otherwise: Int) throws(Fault) -> Int {
    if let mapping = node.value as? [String: Any], mapping.isEmpty { return otherwise }
    guard let status = node.value as? Int, (400...599).contains(status) else {
      throw Fault(description: "\(node.place): a status from 400 to 599 is expected")
    }
    return status
  }

  private static func milliseconds(_ node: FaultNode) throws(Fault) -> Int {
    guard let milliseconds = node.value as? Int, milliseconds >= 0 else {
      throw Fault(description: "\(node.place): milliseconds are expected")
    }
    return milliseconds
  }

  private static func refusal(_ node: FaultNode) throws(Fault) -> Refusal {
    let given = try node.text("code")
    let code = node.value as? String ?? given ?? "refused"
    return Refusal(
      code: code, message: try node.text("message") ?? "Refused on demand: \(code)",
      field: try node.text("field"))
  }
}

/// A value of a fault file and where it stands.
private struct FaultNode {
  let value: Any
  let place: String

  init(_ value: Any, at place: String) {
    self.value = value
    self.place = place
  }

  func allow(_ names: [String]) throws(FaultFile.Fault) {
    guard let mapping = value as? [String: Any] else {
      throw FaultFile.Fault(description: "\(place): a mapping is expected")
    }
    for name in mapping.keys.sorted() where !names.contains(name) {
      throw FaultFile.Fault(
        description: "\(place): \(name) is not known; known are \(names.joined(separator: ", "))")
    }
  }

  /// Details may be left out: `refuse: CODE`, `throttle:`, `malformed: true`.
  func allowIfMapping(_ names: [String]) throws(FaultFile.Fault) {
    if value is String || value is NSNull || value as? Bool == true { return }
    try allow(names)
  }

  func member(_ name: String) -> FaultNode? {
    (value as? [String: Any])?[name].map { FaultNode($0, at: "\(place).\(name)") }
  }

  /// Company codes and keys may look like numbers.
  func text(_ name: String) throws(FaultFile.Fault) -> String? {
    guard let node = member(name) else { return nil }
    return try node.text()
  }

  private func text() throws(FaultFile.Fault) -> String {
    if let text = value as? String { return text }
    if let number = value as? Int { return String(number) }
    throw FaultFile.Fault(description: "\(place): a text is expected; quote it")
  }

  func texts() throws(FaultFile.Fault) -> [String] {
    guard let list = value as? [Any] else {
      throw FaultFile.Fault(description: "\(place): a list is expected")
    }
    var texts: [String] = []
    for item in list { texts.append(try FaultNode(item, at: place).text()) }
    return texts
  }

  func number() throws(FaultFile.Fault) -> Double {
    if let number = value as? Double { return number }
    if let number = value as? Int { return Double(number) }
    throw FaultFile.Fault(description: "\(place): a number is expected")
  }

  func whole(_ name: String, from least: Int) throws(FaultFile.Fault) -> Int? {
    guard let node = member(name) else { return nil }
    guard let number = node.value as? Int, number >= least else {
      throw FaultFile.Fault(description: "\(node.place): a whole number from \(least) is expected")
    }
    return number
  }

  /// One number or a list of them.
  func wholes(from least: Int) throws(FaultFile.Fault) -> [Int] {
    let list = value as? [Any] ?? [value]
    let numbers = list.compactMap { $0 as? Int }.filter { $0 >= least }
    guard numbers.count == list.count, !numbers.isEmpty else {
      throw FaultFile.Fault(description: "\(place): whole numbers from \(least) are expected")
    }
    return numbers
  }

  func flag(_ name: String) throws(FaultFile.Fault) -> Bool? {
    guard let node = member(name) else { return nil }
    guard let flag = node.value as? Bool else {
      throw FaultFile.Fault(description: "\(node.place): true or false is expected")
    }
    return flag
  }
}
