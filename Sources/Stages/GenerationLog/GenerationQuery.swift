/// What is asked of the view, as SQL.
enum GenerationQuery: String, CaseIterable {
    case newest = "SELECT entry FROM generations WHERE pipeline = ? AND number > 0 ORDER BY number DESC LIMIT ?"
    /// Drafts have numbers below nought.
    case newestDraft = "SELECT entry FROM generations WHERE pipeline = ? AND number < 0 ORDER BY number LIMIT 1"
    case named = "SELECT entry FROM generations WHERE pipeline = ? AND number = ?"
    case image = "SELECT entry FROM generations WHERE image = ? ORDER BY entry"
    case imagePrefix = "SELECT entry FROM generations WHERE image >= ? AND image < ? ORDER BY image, entry"
    case commit = """
        SELECT entry FROM generations WHERE pipeline = ? AND commit_id >= ? AND commit_id < ? AND number > 0
        ORDER BY number DESC
        """
    case builds = "SELECT entry FROM builds WHERE pipeline = ? ORDER BY entry DESC LIMIT ?"
    case source = "SELECT source, entry FROM sources WHERE pipeline = ?"
    case origin = "SELECT source, entry FROM origins WHERE pipeline = ?"
    /// Reads every pipeline and, by its key, one generation of each.
    case pipelinesHaving = """
        SELECT pipeline FROM sources WHERE EXISTS (
            SELECT 1 FROM generations WHERE generations.pipeline = sources.pipeline AND number = ?
        ) ORDER BY pipeline
        """
    case pins = "SELECT entry FROM pins ORDER BY pipeline, number"
    case collected = "SELECT pipeline, number, entry FROM collected ORDER BY pipeline, number"
    case collection = "SELECT entry FROM collected WHERE pipeline = ? AND number = ?"
    /// As many as were not collected.
    case keptImages = "SELECT image FROM kept_images"
    case pipelines = "SELECT pipeline FROM sources ORDER BY pipeline"
    case all = "SELECT entry FROM generations WHERE entry > ? AND entry <= ? ORDER BY entry LIMIT ?"
}
