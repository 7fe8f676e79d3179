import LinuxSystem

/// The files of `/work` on their way from where they are kept to where they are unpacked: nothing of them is written in
/// between, and nothing waits for the whole.
struct WorkInputs {
    private let draft: LayerDraft

    init(_ draft: LayerDraft) { self.draft = draft }

    /// Lets somebody take them while they are read.
    /// - Parameter take: reads a tar to its end.
    /// - Throws: why they could not be read, before what `take` made of that.
    func flow<Outcome>(to take: (Descriptor) throws -> Outcome) throws -> Outcome {
        let (source, writer) = try begin()
        let outcome = Result { try take(source) }
        // Where nobody took the rest the writer must not wait for ever.
        if case .failure = outcome { try source.readPieces(of: 65_536) { _ in } }
        try writer.result()
        return try outcome.get()
    }

    /// The write end is the writer's alone: else the end of the stream would never come.
    private func begin() throws -> (Descriptor, Worker<Void>) {
        let (source, target) = try Descriptor.pipe()
        return (source, Worker { [draft] in try draft.writeTar(to: target) })
    }
}
