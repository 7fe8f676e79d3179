import BakeModel
import Glibc
import LinuxSystem

/// The two small files that say what a directory is: an OCI layout, and a store of bake.
enum StoreFormat {
    static let layoutFile = "oci-layout"
    static let markFile = "bake-store"
    /// The format that this bake writes; it refuses newer ones.
    static let current: Int64 = 1
    private static let layout: JSON = ["imageLayoutVersion": "1.0.0"]

    static func writeLayout(below path: String) throws {
        guard access("\(path)/\(layoutFile)", F_OK) != 0 else { return }
        try DurableFile.replace("\(path)/\(layoutFile)", with: layout.canonicalBytes, sharing: .of(path))
    }

    /// The last act of creation: without the mark a directory is no store yet.
    /// - Parameter group: the name of the group that shares the store from now on; what was noted before where nil.
    static func writeMark(below path: String, group: String?) throws {
        guard access("\(path)/\(markFile)", F_OK) != 0 || group != nil else { return }
        let mark = JSON.record(["format": .number(current), "group": group.map(JSON.string)])
        try DurableFile.replace("\(path)/\(markFile)", with: mark.canonicalBytes, sharing: .of(path))
    }

    /// Refuses what is no store, or the store of a newer bake.
    /// - Returns: the name of the group that shares the store, as it was called when that was noted; nil where none does.
    static func check(below path: String) throws -> String? {
        guard let mark = try read("\(path)/\(markFile)") else { throw StoreError.notAStore(path: path) }
        guard let format = mark["format"]?.number else {
            throw StoreError.damaged(path: "\(path)/\(markFile)", detail: "it names no format")
        }
        guard format <= current else { throw StoreError.newerFormat(path: path, found: format, known: current) }
        guard try read("\(path)/\(layoutFile)")?["imageLayoutVersion"]?.string == "1.0.0" else {
            throw StoreError.damaged(
                path: "\(path)/\(layoutFile)", detail: "it is no OCI image layout of version 1.0.0")
        }
        return mark["group"]?.string
    }

    private static func read(_ path: String) throws -> JSON? {
        do {
            return try JSON(parsing: try DurableFile.read(path, limit: 4096))
        } catch let error as SystemError where error.isMissing {
            return nil
        } catch is JSON.Fault {
            throw StoreError.damaged(path: path, detail: "it is no JSON")
        }
    }
}
