/// What an adapter may do beyond submitting.
public enum AdapterCapability: String, Hashable, Sendable, CaseIterable {
  case findsPostings, pollsTickets, readsBooks, reversesPostings, readsPeriods, readsMasterData
  case createsParties, readsBalances
}

extension ERPAdapter {
  public var capabilities: Set<AdapterCapability> {
    Set(AdapterCapability.allCases.filter { conforms(for: $0) })
  }

  private func conforms(for capability: AdapterCapability) -> Bool {
    switch capability {
    case .findsPostings: self is any FindsPostings
    case .pollsTickets: self is any PollsTickets
    case .readsBooks: self is any ReadsBooks
    case .reversesPostings: self is any ReversesPostings
    case .readsPeriods: self is any ReadsPeriods
    case .readsMasterData: self is any ReadsMasterData
    case .createsParties: self is any CreatesParties
    case .readsBalances: self is any ReadsBalances
    }
  }

  private func able<Capable>(_ capability: AdapterCapability, as type: Capable.Type) -> Capable? {
    capabilities.contains(capability) ? self as? Capable : nil
  }

  // Each nil where the adapter cannot do it: callers ask here, never by a cast.
  public var postingFinder: (any FindsPostings)? {
    able(.findsPostings, as: (any FindsPostings).self)
  }
  public var ticketPoller: (any PollsTickets)? { able(.pollsTickets, as: (any PollsTickets).self) }
  public var booksReader: (any ReadsBooks)? { able(.readsBooks, as: (any ReadsBooks).self) }
  public var postingReverser: (any ReversesPostings)? {
    able(.reversesPostings, as: (any ReversesPostings).self)
  }
  public var periodReader: (any ReadsPeriods)? { able(.readsPeriods, as: (any ReadsPeriods).self) }
  public var masterDataReader: (any ReadsMasterData)? {
    able(.readsMasterData, as: (any ReadsMasterData).self)
  }
  public var partyCreator: (any CreatesParties)? {
    able(.createsParties, as: (any CreatesParties).self)
  }
  public var balanceReader: (any ReadsBalances)? {
    able(.readsBalances, as: (any ReadsBalances).self)
  }
}
