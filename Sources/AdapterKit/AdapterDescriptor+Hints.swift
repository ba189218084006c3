import Ledger

extension AdapterDescriptor {
  /// What an operator should know, in sentences: what the engine does where the ERP offers less.
  public func hints(_ capabilities: Set<AdapterCapability>) -> [String] {
    var hints: [String] = []
    let finds = capabilities.contains(.findsPostings)
    switch idempotency {
    case .native where keyMemory.lifetime == nil: break
    case .native, .refusing, .overwriting, .uniqueKey, .lookUpOnly:
      hints.append(
        finds
          ? "After a lost answer the ERP is asked by the key before anything is sent again."
          : "After a lost answer a person decides: the ERP cannot be asked.")
    case .none:
      hints.append(
        finds
          ? "The ERP notices no repeat: it is asked by the key before anything is sent again."
          : "The ERP notices no repeat and cannot be asked: after a lost answer a person decides.")
    }
    switch confirmation {
    case .immediate: break
    case .acknowledged: hints.append("Entries stay submitted until the ERP acknowledges them.")
    case .handOver: hints.append("Nothing acknowledges entries: they stay submitted.")
    }
    if !capabilities.contains(.readsBooks) {
      hints.append("Reconciliation needs 'readBack' in the connection's file.")
    }
    if !carriesFunctionalAmounts {
      hints.append("The ERP computes functional amounts: exchange differences are refused.")
    }
    if taxMode == .computed { hints.append("The ERP computes tax: cents may differ from ours.") }
    if batchIsAtomic, maximumBatchSize > 1 {
      hints.append("One bad entry refuses its whole batch.")
    }
    switch debris {
    case .none: break
    case .drafts: hints.append("A crash may leave a draft in the ERP, which the adapter resumes.")
    case .halfFilledEntries:
      hints.append("A crash may leave a half-filled entry, which the adapter completes or removes.")
    case .jobs: hints.append("A crash may leave a job in the ERP, found again by its key.")
    }
    return hints
  }

  /// The rows of the capability matrix, in their order.
  public func matrixRows(_ capabilities: Set<AdapterCapability>) -> [(name: String, value: String)]
  {
    func mark(_ holds: Bool) -> String { holds ? "yes" : "–" }
    func limit(_ number: Int?, _ unit: String) -> String? { number.map { "\($0) \(unit)" } }
    let rates = [
      limit(rate.concurrency, "at once"), limit(rate.perSecond, "a second"),
      limit(rate.perMinute, "a minute"), limit(rate.perDay, "a day"),
    ].compactMap { $0 }
    let kinds = entryKinds.count == EntryKind.allCases.count ? "all" : "\(entryKinds.count)"
    let currencies =
      switch amounts.currencies {
      case .any: "any"
      case .functional: "functional"
      case .only(let known): known.map(\.code).sorted().joined(separator: ", ")
      }
    return [
      ("kinds of entries", kinds),
      (
        "native documents",
        nativeDocuments.isEmpty
          ? "–" : nativeDocuments.map(\.rawValue).sorted().joined(separator: ", ")
      ),
      ("entries in a call", String(maximumBatchSize)),
      ("a batch is", maximumBatchSize == 1 ? "–" : batchIsAtomic ? "whole" : "entry by entry"),
      ("lines in an entry", String(maximumLines)),
      ("a repeated key is", idempotency.rawValue),
      (
        "remembered for",
        keyMemory.lifetime.map { "\($0.components.seconds / 3_600) h" } ?? "ever"
      ),
      ("key field", keyField.length.map(String.init) ?? "any length"),
      ("confirmation", confirmation.rawValue),
      ("quiet period", "\(quietPeriod.components.seconds) s"),
      ("rate plan", rates.isEmpty ? "–" : rates.joined(separator: ", ")),
      ("limit shared by", rate.scope.rawValue),
      ("functional amounts", mark(carriesFunctionalAmounts)),
      ("decimals", amounts.decimals.map(String.init) ?? "of the currency"),
      ("currencies", currencies),
      ("tax lines", taxMode.rawValue),
      ("reversal", reversal.rawValue),
      ("a crash may leave", debris.rawValue),
      ("look-up by key", mark(capabilities.contains(.findsPostings))),
      ("polls for verdicts", mark(capabilities.contains(.pollsTickets))),
      ("reverses in the ERP", mark(capabilities.contains(.reversesPostings))),
      ("reads back books", mark(capabilities.contains(.readsBooks))),
      ("reads periods", mark(capabilities.contains(.readsPeriods))),
      ("reads master data", mark(capabilities.contains(.readsMasterData))),
      ("reads balances", mark(capabilities.contains(.readsBalances))),
      ("creates customers", mark(capabilities.contains(.createsParties))),
    ]
  }
}
