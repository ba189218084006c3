/// What a trial of rules asks besides.
package protocol TrialQueries {
  /// The number of the document accepted last; zero when there is none.
  func lastDocumentNumber() throws -> DocumentNumber
}
