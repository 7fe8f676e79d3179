import BakeModel

/// A spec: what an image must be, in goss's vocabulary, with its template filled in and what it includes.
public struct SpecFile: Hashable, Sendable {
    /// The file's path, as people know it.
    public let name: String
    /// The files that it was read from, filled in; the first is the spec itself.
    public let documents: [SpecDocument]
    /// What is legal and yet probably not meant, such as an empty list of patterns. goss warns of the same.
    public let warnings: [SourceFault]
    private(set) var resources: [Resource]

    /// Reads a spec (YAML, or JSON as its subset).
    /// - Throws: everything that is wrong with it and with what it includes, with places. A spec that checks nothing is
    ///   wrong, too.
    public init(parsing text: String, name: String, with context: SpecContext = SpecContext()) throws(SourceFaults) {
        var loading = SpecLoading(context)
        resources = try loading.load(text, name: name)
        documents = loading.documents
        warnings = loading.warnings
        self.name = name
    }

    /// Reads the documents of a spec that was read once before.
    init(documents: [SpecDocument]) throws(SourceFaults) {
        var loading = SpecLoading(SpecContext())
        resources = try loading.load(documents)
        self.documents = documents
        warnings = []
        name = documents.first?.name ?? ""
    }

    /// The whole text, filled in; of several files each with its name above it.
    public var text: String {
        if documents.count == 1 { return documents[0].text }
        return documents.map { "# \($0.name)\n\($0.text)" }.joined(separator: "\n")
    }

    /// Several files as one, whose questions are all asked of one running process.
    init(joining files: [SpecFile]) {
        name = files.map(\.name).joined(separator: ", ")
        documents = files.flatMap(\.documents)
        warnings = files.flatMap(\.warnings)
        resources = files.flatMap(\.resources)
    }

    /// The same file with more questions before its own.
    func asking(first more: [Resource]) -> SpecFile {
        var file = self
        file.resources = more + resources
        return file
    }

    /// Whether the text says everything: it would be read again as the same.
    var isPlain: Bool { documents.count == 1 && !TemplateParser.isMeant(by: documents[0].text) }

    /// The digest of the text: another one is another spec.
    public var digest: Digest { Digest.of(text.utf8) }

    /// Whether it is asked of a file, which it includes.
    public func includes(_ path: String) -> Bool { documents.contains { $0.name.utf8.elementsEqual(path.utf8) } }

    /// Whether it asks anything of the running image, and not only of its root file system.
    public var asksRunningImage: Bool { resources.contains { $0.isBehaviour && !$0.isSkipped } }
}
