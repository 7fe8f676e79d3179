import BakeModel

/// A pipeline file in a commit.
public struct PipelineLocation: Hashable, Sendable {
    /// The file.
    public let file: TreePath
    /// The name by which it was asked for; nil where it was not asked for by name.
    public let name: PipelineName?

    /// Checks that the file holds the pipeline that was asked for.
    public func confirm(_ pipeline: Pipeline) throws(PipelineLocationFault) {
        guard let name, name != pipeline.name else { return }
        throw .unknown(name.text, choices: [pipeline.name.text])
    }

    /// Where the lock of a pipeline lies: `NAME.lock` beside its file.
    public func lock(of pipeline: PipelineName) -> TreePath {
        // A name has no slash, so as one part it is always a path.
        let lock = try? file.parent.appending(part: "\(pipeline).lock".utf8)
        return lock ?? file.parent
    }
}
