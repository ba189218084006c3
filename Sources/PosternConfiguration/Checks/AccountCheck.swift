import Ledger
import PostingRules

/// Checks the account tables of all roles.
struct AccountCheck {
  let contents: FolderContents
  let findings: FindingList

  /// Pairs of rows that are compared in one table; a larger table is not compared to the end.
  private static let mostComparisons = 4_000_000

  func run() {
    checkNames()
    for role in AccountRole.allCases {
      guard let rows = contents.rows[role], !rows.isEmpty else { continue }
      let ordered = RowInOrder.sorted(rows, entities: contents.entityRules)
      let shadows = checkPairs(ordered, of: role)
      checkChart(ordered, shadows: shadows)
    }
    CoverageCheck(contents: contents, findings: findings).run()
  }

  // MARK: What conditions name

  private func checkNames() {
    let entities = contents.entityCodes.map(\.code).sorted()
    let groups = (contents.installation?.settings.groups ?? []).map(\.name)
    let known: [(AttributeName, String, [String], ConfigurationFinding.Severity)] = [
      (.entity, "unknown_entity", entities, .error), (.group, "unknown_group", groups, .error),
      (.source, "unknown_source", contents.sourceCodes.sorted(), .warning),
      (.account, "unknown_money_account", contents.bankAccounts.accounts.keys.sorted(), .warning),
    ]
    for placed in AccountRole.allCases.flatMap({ contents.rows[$0] ?? [] }) {
      for (attribute, code, names, severity) in known {
        report(placed, attribute, among: names, code: code, severity)
      }
      if !contents.taxes.codes.isEmpty {
        report(
          placed, .taxCode, among: contents.taxes.codes.keys.sorted(), code: "unknown_tax_code",
          .warning)
      }
      checkDimensions(placed)
    }
  }

  private func report(
    _ placed: PlacedRow, _ attribute: AttributeName, among names: [String], code: String,
    _ severity: ConfigurationFinding.Severity
  ) {
    for condition in placed.row.conditions where condition.attribute == attribute {
      for value in condition.listedValues ?? [] where !names.contains(value) {
        findings.add(
          severity, code, placed.place,
          "Row \(placed.row.number) asks for the \(attribute.text) '\(value)', which is not in "
            + "the configuration",
          fix: Suggestion.fix(for: value, known: names))
      }
    }
  }

  private func checkDimensions(_ placed: PlacedRow) {
    guard !contents.dimensions.known.isEmpty else { return }
    let names = contents.dimensions.known.map(\.code)
    for pair in placed.row.dimensions.pairs {
      guard let dimension = contents.dimensions.known.first(where: { $0.code == pair.name }) else {
        findings.add(
          .warning, "unknown_dimension", placed.place,
          "Row \(placed.row.number) gives the dimension '\(pair.name)', which is not in "
            + "dimensions.yaml",
          fix: Suggestion.fix(for: pair.name, known: names))
        continue
      }
      if let values = dimension.values, !values.contains(pair.value) {
        findings.add(
          .warning, "unknown_dimension", placed.place,
          "Row \(placed.row.number) gives '\(pair.value)' for '\(pair.name)', which is none of "
            + "its values",
          fix: Suggestion.fix(for: pair.value, known: values))
      }
    }
  }

  // MARK: Rows against one another

  /// Reports rows that never win and rows that tie. Returns, for each row, the entities for which
  /// an earlier row always wins.
  private func checkPairs(_ rows: [RowInOrder], of role: AccountRole) -> [Set<LegalEntityID>] {
    var shadows = [Set<LegalEntityID>](repeating: [], count: rows.count)
    let index = RowIndex(rows)
    var comparisons = 0
    for (position, row) in rows.enumerated() where !row.domain.isEmpty {
      var tie: RowInOrder?
      for earlierPosition in index.earlierRows(thatMayMeet: position) {
        let earlier = rows[earlierPosition]
        comparisons += 1
        guard comparisons <= Self.mostComparisons else {
          findings.add(
            .notice, "check_incomplete", FilePlace(file: FolderContents.file(of: role)),
            "The table has \(rows.count) rows: not all were compared with one another",
            fix: "Nothing has to be done; rows that never win may stay unseen")
          return shadows
        }
        if earlier.holdsWherever(row), !earlier.domain.isDisjoint(with: row.domain) {
          let wasOpen = !row.domain.isSubset(of: shadows[position])
          shadows[position].formUnion(earlier.domain)
          if wasOpen, row.domain.isSubset(of: shadows[position]) {
            report(row, shadowedBy: earlier)
          }
        } else if tie == nil, shadows[earlierPosition].isDisjoint(with: earlier.domain),
          earlier.precedence == row.precedence, earlier.row.account != row.row.account,
          earlier.canMeet(row)
        {
          tie = earlier
        }
      }
      if let tie, !row.domain.isSubset(of: shadows[position]) { report(row, tiesWith: tie) }
    }
    return shadows
  }

  private func report(_ row: RowInOrder, shadowedBy earlier: RowInOrder) {
    findings.add(
      .warning, "row_shadowed", row.placed.place,
      "Row \(row.row.number) (\(row.text)) never wins: \(name(of: earlier, for: row)) always "
        + "comes first",
      fix: "Remove one of them, or make this one more specific")
  }

  private func report(_ row: RowInOrder, tiesWith earlier: RowInOrder) {
    findings.add(
      .warning, "rows_overlap", row.placed.place,
      "Row \(row.row.number) (\(row.text)) and \(name(of: earlier, for: row)) (\(earlier.text)) "
        + "can hold for one line and are equally specific: the earlier one wins, with account "
        + "\(earlier.row.account)",
      fix: "Add a condition to the one that shall win")
  }

  /// `row 3`, with its place where that is another file.
  private func name(of earlier: RowInOrder, for row: RowInOrder) -> String {
    earlier.placed.place.file == row.placed.place.file
      ? "row \(earlier.row.number)" : "\(earlier.placed.place)"
  }

  // MARK: Accounts

  private func checkChart(_ rows: [RowInOrder], shadows: [Set<LegalEntityID>]) {
    for (row, shadow) in zip(rows, shadows) {
      for entity in contents.entityRules.map(\.entity.id)
      where row.domain.contains(entity) && !shadow.contains(entity) {
        guard let chart = contents.chart(of: entity), !chart.contains(row.row.account) else {
          continue
        }
        findings.add(
          .warning, "unknown_account", row.placed.place,
          "Account \(row.row.account) is not in \(chart.file), the chart of \(entity)",
          fix: Suggestion.fix(
            forAccount: row.row.account.code, known: chart.accounts.map(\.number.code)))
      }
    }
  }
}

extension RowInOrder {
  /// Its conditions in words.
  fileprivate var text: String {
    row.conditions.isEmpty ? "no condition" : row.conditions.map(\.text).joined(separator: ", ")
  }
}

extension Suggestion {
  /// A chart is too long to be listed.
  static func fix(forAccount account: String, known: [String]) -> String {
    if let near = nearest(to: account, in: known) {
      return "Did you mean '\(near)'? Else add the account to the chart"
    }
    return "Write an account of the chart, or add this one to it"
  }
}
