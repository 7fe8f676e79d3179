import BakeModel

/// Other spec files that a spec names below `gossfile`.
struct SpecInclusion: Hashable {
    /// A path or a glob, relative to the file that names it.
    let pattern: String
    /// Where the file names it.
    let position: SourcePosition
}
