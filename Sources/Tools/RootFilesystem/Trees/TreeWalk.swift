/// Limits of every walk through a tree.
enum TreeWalk {
    /// How many directories may lie below each other: each costs an open descriptor while it is walked.
    static let depthLimit = 400
}
