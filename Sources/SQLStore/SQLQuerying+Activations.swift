import Ledger
import PostingEngine

extension SQLQuerying {
  private static var activationColumns: String {
    "number, version, files, reason, proposed_at, proposed_by, activated_at, activated_by"
  }

  func activationInForce() throws -> RulesActivation? {
    try connection.first(
      """
      SELECT \(Self.activationColumns) FROM rules_activations WHERE activated_at IS NOT NULL
      ORDER BY activated_at DESC, number DESC LIMIT 1
      """
    ) { try $0.activation() }
  }

  func proposedActivation() throws -> RulesActivation? {
    try connection.first(
      """
      SELECT \(Self.activationColumns) FROM rules_activations ORDER BY number DESC LIMIT 1
      """
    ) { try $0.activation() }.flatMap { $0.activatedAt == nil ? $0 : nil }
  }
}

extension SQLTransaction {
  func insert(_ activation: RulesActivation) throws {
    try change {
      try connection.run(
        """
        INSERT INTO rules_activations
          (version, files, reason, proposed_at, proposed_by, activated_at, activated_by)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
      ) {
        $0.bind(activation.version)
        $0.bind(
          StoredJSON.texts(
            activation.files.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
          )
          .json)
        $0.bind(activation.reason)
        $0.bind(activation.proposedAt.milliseconds)
        $0.bind(activation.proposedBy)
        $0.bind(activation.activatedAt?.milliseconds)
        $0.bind(activation.activatedBy)
      }
    }
  }

  func activate(_ number: Int64, at now: Moment, by actor: String) throws {
    try changeOne(
      "UPDATE rules_activations SET activated_at = ?, activated_by = ? WHERE number = ?",
      "activation \(number)"
    ) {
      $0.bind(now.milliseconds)
      $0.bind(actor)
      $0.bind(number)
    }
  }
}

extension PreparedStatement {
  fileprivate func activation() throws -> RulesActivation {
    let texts = try json(2).list.compactMap(\.text)
    var files: [String: String] = [:]
    for index in stride(from: 0, to: texts.count - 1, by: 2) {
      files[texts[index]] = texts[index + 1]
    }
    return RulesActivation(
      number: integer(0), version: text(1), files: files, reason: text(3), proposedAt: moment(4),
      proposedBy: text(5), activatedAt: optionalMoment(6), activatedBy: optionalText(7))
  }
}
