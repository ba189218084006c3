/// Documents that an older version left accepted though they have nothing to post.
package protocol DocumentsWithoutEntriesQueries {
  func documentsWithoutEntries(limit: Int) throws -> [DocumentNumber]
}

package protocol DocumentsWithoutEntriesTransaction: DocumentsWithoutEntriesQueries {
  func settleWithoutEntries(_ document: DocumentNumber) throws
}
