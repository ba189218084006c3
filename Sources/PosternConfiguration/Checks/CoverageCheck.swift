import Ledger
import PostingRules

/// Looks for holes: lines that would find no account.
///
/// Attributes with a closed list of values are tried out, every combination; the others (products,
/// customers) are taken as something no row asks for.
struct CoverageCheck {
  let contents: FolderContents
  let findings: FindingList

  /// Combinations that are listed for one role of one entity.
  private static let mostListed = 3
  /// Roles that nearly every document needs.
  private static let essential: [AccountRole] = [
    .receivable, .revenue, .taxPayable, .customerCredit, .unappliedCash,
  ]
  /// Roles whose lines always come from a line of a document, and so have its kind.
  private static let rolesWithKind: Set<AccountRole> = [
    .revenue, .deferredRevenue, .unbilledRevenue, .discount,
  ]

  func run() {
    for entity in contents.entities {
      var absent: [AccountRole] = []
      for role in AccountRole.allCases where !contents.incompleteRoles.contains(role) {
        let rows = RowInOrder.sorted(contents.rows[role] ?? [], entities: [entity.rules])
          .filter { !$0.domain.isEmpty }
        if rows.isEmpty {
          if isNeeded(role, by: entity.rules) { absent.append(role) }
        } else {
          check(role, rows, for: entity.rules)
        }
      }
      report(absent, of: entity)
    }
  }

  private func isNeeded(_ role: AccountRole, by rules: EntityRules) -> Bool {
    switch role {
    case .deferredRevenue: !rules.policies.deferral.isOff
    case .unbilledRevenue: rules.policies.usageAccrual != .off
    case .discount: rules.policies.discounts == .gross
    case .bank, .processorClearing: !moneyAccounts(of: role, for: rules).isEmpty
    case .dueFrom, .dueTo, .intercompanyRevenue, .intercompanyCost:
      contents.entities.count > 1
    case .deferredCost: contents.entities.count > 1 && !rules.policies.deferral.isOff
    default: true
    }
  }

  private func report(_ absent: [AccountRole], of entity: EntityReader.Parsed) {
    let code = entity.rules.entity.id
    for role in absent where Self.essential.contains(role) {
      findings.add(
        .warning, "account_hole", entity.place,
        "\(code) has no account for \(role.rawValue): documents that need one stop",
        fix: "Write accounts/\(role.rawValue).yaml with a row for \(code) or for everybody")
    }
    let others = absent.filter { !Self.essential.contains($0) }.map(\.rawValue)
    guard !others.isEmpty else { return }
    findings.add(
      .notice, "account_hole", entity.place,
      "\(code) has no account for: \(others.joined(separator: ", ")); documents that need one stop",
      fix: "Write accounts/ROLE.yaml for those that will be needed")
  }

  private func moneyAccounts(of role: AccountRole, for rules: EntityRules) -> [String] {
    contents.bankAccounts.accounts.values
      .filter { $0.role == role && ($0.entity == nil || $0.entity == rules.entity.id) }
      .map(\.code).sorted()
  }

  // MARK: One role of one entity

  private func check(_ role: AccountRole, _ rows: [RowInOrder], for rules: EntityRules) {
    let domains = domains(of: role, for: rules)
    // Rows that ask for something else than the closed attributes cannot close a hole for good.
    let usable = rows.filter { row in
      row.conditions.allSatisfy { condition in
        domains.contains { $0.attribute == condition.attribute }
      }
    }
    if usable.contains(where: {
      $0.conditions.isEmpty && $0.row.from == nil && $0.row.through == nil
    }) {
      return
    }
    let asked = domains.filter { domain in
      usable.contains { $0.conditions.contains { $0.attribute == domain.attribute } }
    }
    let days = criticalDays(usable)
    var holes: [String] = []
    for combination in combinations(asked) {
      let holding = usable.filter { $0.holds(for: combination) }
      guard let day = days.first(where: { day in !holding.contains { $0.row.isInForce(on: day) } })
      else { continue }
      let values = combination.map { "\($0.attribute.text) = \($0.value ?? "none")" }
      let since = holding.isEmpty || day == .first ? [] : ["posting date \(day)"]
      holes.append((values + since).joined(separator: ", "))
    }
    guard !holes.isEmpty else { return }
    report(holes, role, of: rules, hasOtherRows: usable.count < rows.count)
  }

  private func report(
    _ holes: [String], _ role: AccountRole, of rules: EntityRules, hasOtherRows: Bool
  ) {
    let listed = holes.prefix(Self.mostListed).map { $0.isEmpty ? "any other line" : $0 }
    let more = holes.count > Self.mostListed ? " and \(holes.count - Self.mostListed) more" : ""
    let unless = hasOtherRows ? " where no other row holds" : ""
    findings.add(
      .warning, "account_hole", FilePlace(file: FolderContents.file(of: role)),
      "\(rules.entity.id) has no account for \(role.rawValue)\(unless): "
        + "\(listed.joined(separator: "; "))\(more)",
      fix: "Add a row without conditions at the end, or one for each of these")
  }

  private struct Domain {
    let attribute: AttributeName
    /// nil among them: the line may have no such attribute.
    let values: [String?]
  }

  private func domains(of role: AccountRole, for rules: EntityRules) -> [Domain] {
    // Late fees and platform fees have roles of their own.
    let kinds: [String?] = DocumentLine.Kind.allCases
      .filter { $0 != .lateFee && $0 != .platformFee }.map(\.rawValue)
    let categories: [String?] = TaxCategory.allCases.map(\.rawValue)
    var domains = [
      Domain(attribute: .kind, values: Self.rolesWithKind.contains(role) ? kinds : kinds + [nil]),
      Domain(attribute: .taxCategory, values: categories + [nil]),
    ]
    if role == .bank || role == .processorClearing {
      domains.append(
        Domain(attribute: .account, values: moneyAccounts(of: role, for: rules)))
    }
    return domains
  }

  private func combinations(_ domains: [Domain]) -> [[(attribute: AttributeName, value: String?)]] {
    domains.reduce([[]]) { partial, domain in
      partial.flatMap { known in domain.values.map { known + [(domain.attribute, $0)] } }
    }
  }

  /// The days on which the rows in force can change, and the first one.
  private func criticalDays(_ rows: [RowInOrder]) -> [CalendarDate] {
    let starts = rows.compactMap(\.row.from)
    let ends = rows.compactMap(\.row.through).filter { $0 < .last }.map { $0.adding(days: 1) }
    return Set(starts + ends + [.first]).sorted()
  }
}

extension RowInOrder {
  fileprivate func holds(
    for combination: [(attribute: AttributeName, value: String?)]
  ) -> Bool {
    conditions.allSatisfy { condition in
      combination.contains {
        $0.attribute == condition.attribute && condition.holds(for: $0.value)
      }
    }
  }
}
