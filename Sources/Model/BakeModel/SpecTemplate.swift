/// A spec file of the commit with the variables that its template is filled in with.
public struct SpecTemplate: Hashable, Sendable {
    /// The spec.
    public let file: TreePath
    /// Files of variables; of two that say something about the same the later one counts.
    public let variables: [TreePath]
    /// Variables that stand in the pipeline file, as YAML; they count before those of files.
    public let inline: String?

    /// Describes it.
    public init(file: TreePath, variables: [TreePath], inline: String?) {
        self.file = file
        self.variables = variables
        self.inline = inline
    }
}
