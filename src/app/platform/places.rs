//! What to warn of about the folder a vault is to be kept in.
//!
//! It only warns and never refuses: a vault on a share may be exactly what a team wants. It reads names and mount tables
//! and writes nothing. It cannot see everything (a sync client may watch any folder), so silence is no promise.

use std::path::{Path, PathBuf};

/// Below this much free space, in bytes, a vault has no room to grow: an edit needs the old and the new side by side.
pub const LITTLE_SPACE: u64 = 64 * 1024 * 1024;

/// What is worth knowing about keeping a vault at `path` (a folder, or a file that may not exist yet), in sentences.
#[must_use]
pub fn place_warning(path: &Path) -> Option<String> {
    let folder = existing_folder(path)?;
    let mut warnings: Vec<String> = Vec::new();
    warnings.extend(sync_warning(&folder));
    warnings.extend(mount_warning(&folder));
    if let Some(free) = free_space(&folder).filter(|free| *free < LITTLE_SPACE) {
        warnings.push(format!("Only {} MiB are free there.", free / (1024 * 1024)));
    }
    (!warnings.is_empty()).then(|| warnings.join(" "))
}

/// Bytes that this user can still write to the file system of `folder`; `None` where the system does not say.
#[must_use]
pub fn free_space(folder: &Path) -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        let about = rustix::fs::statvfs(folder).ok()?;
        Some(about.f_bavail.saturating_mul(about.f_frsize))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        None
    }
}

/// The nearest folder at or above `path` that is there, with links followed.
fn existing_folder(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute.ancestors().find(|folder| folder.is_dir()).and_then(|folder| folder.canonicalize().ok())
}

/// Folder names (lower case) by which sync clients are known, and the clients.
const SYNC_FOLDERS: [(&str, &str); 18] = [
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("icloud drive", "iCloud"),
    ("iclouddrive", "iCloud"),
    ("mobile documents", "iCloud"),
    ("cloudstorage", "a cloud drive"),
    ("box sync", "Box"),
    ("megasync", "MEGA"),
    ("pclouddrive", "pCloud"),
    ("seafile", "Seafile"),
    ("proton drive", "Proton Drive"),
    ("syncthing", "Syncthing"),
    ("tresorit", "Tresorit"),
];

/// Files that sync clients leave at the top of what they sync, and the clients.
const SYNC_MARKS: [(&str, &str); 4] = [
    (".stfolder", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".owncloudsync.log", "Nextcloud or ownCloud"),
];

fn sync_warning(folder: &Path) -> Option<String> {
    let client = folder.ancestors().find_map(|folder| by_name(folder).or_else(|| by_mark(folder)))?;
    Some(format!(
        "This folder looks synchronised by {client}: two people writing at once make two versions of the vault, and \
         older copies of it stay with the service."
    ))
}

fn by_name(folder: &Path) -> Option<&'static str> {
    let name = folder.file_name()?.to_str()?.to_lowercase();
    // "OneDrive - Company", "Dropbox (Company)"
    let known = |known: &str| {
        name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(']))
    };
    SYNC_FOLDERS.iter().find(|(folder, _)| known(folder)).map(|(_, client)| *client)
}

fn by_mark(folder: &Path) -> Option<&'static str> {
    SYNC_MARKS.iter().find(|(mark, _)| folder.join(mark).exists()).map(|(_, client)| *client)
}

#[cfg(target_os = "linux")]
fn mount_warning(folder: &Path) -> Option<String> {
    mounts::warning(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, folder)
}

#[cfg(not(target_os = "linux"))]
fn mount_warning(folder: &Path) -> Option<String> {
    let text = folder.to_string_lossy();
    let share = text.starts_with(r"\\?\UNC\") || (text.starts_with(r"\\") && !text.starts_with(r"\\?\"));
    if share {
        Some("This is a network share: locking there is not always reliable.".to_owned())
    } else if text.starts_with("/Volumes/") {
        Some("This is a volume that can be taken away while the vault is open.".to_owned())
    } else {
        None
    }
}

/// Linux's mount table, `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
#[cfg(any(target_os = "linux", test))]
mod mounts {
    use std::path::{Path, PathBuf};

    /// File systems on another machine, or that programs make up.
    const NETWORK: [&str; 13] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "9p",
        "ncpfs",
        "coda",
        "lustre",
        "glusterfs",
        "fuse.sshfs",
    ];

    /// What is worth knowing about the file system of `folder`, by the mount table `table`.
    pub(super) fn warning(table: &str, folder: &Path) -> Option<String> {
        let (point, kind) = mount_of(table, folder)?;
        let removable = ["/media/", "/run/media/"].iter().any(|base| point.starts_with(base));
        let text = if NETWORK.contains(&kind) {
            "This folder is on a network file system: file locks there are not always reliable, so only one person \
             should open the vault at a time."
        } else if kind.starts_with("fuse.") && kind != "fuse.portal" {
            "This folder is provided by another program, which may see, copy or lose the vault."
        } else if matches!(kind, "tmpfs" | "ramfs") {
            "This folder is in memory: the vault is gone after a restart."
        } else if removable {
            "This is a removable drive: do not take it away while the vault is open, and keep a copy elsewhere."
        } else if matches!(kind, "vfat" | "exfat" | "msdos") {
            "This file system knows no permissions: every user of this machine can read the vault's file."
        } else {
            return None;
        };
        Some(text.to_owned())
    }

    /// Mount point and type of the file system that `folder` is on: the longest mount point above it, the last where
    /// several are mounted over each other.
    fn mount_of<'a>(table: &'a str, folder: &Path) -> Option<(PathBuf, &'a str)> {
        let mounts = table.lines().filter_map(parse).filter(|(point, _)| folder.starts_with(point));
        mounts.max_by_key(|(point, _)| point.components().count())
    }

    /// `36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw`
    fn parse(line: &str) -> Option<(PathBuf, &str)> {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?;
        Some((unescape(point), after.split(' ').next()?))
    }

    /// Space, tab, newline and backslash are written as three octal digits.
    fn unescape(text: &str) -> PathBuf {
        let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
        PathBuf::from(escapes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const TABLE: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:5 / /tmp rw shared:2 - tmpfs tmpfs rw
23 21 0:40 / /srv/team rw - nfs4 server:/team rw
24 23 8:3 / /srv/team/local rw - xfs /dev/sda3 rw
25 21 8:17 / /run/media/ada/My\\040Stick rw shared:3 - vfat /dev/sdb1 rw
26 21 0:50 / /home/ada/remote rw - fuse.sshfs ada@host: rw
27 21 0:51 / /home/ada/drive rw - fuse.rclone drive: rw
28 21 8:20 / /mnt/old rw - exfat /dev/sdc1 rw
nonsense";

        #[test]
        fn each_kind_of_place_is_told_from_the_mount_table() {
            let about = |folder: &str| warning(TABLE, Path::new(folder)).unwrap_or_default();
            assert_eq!(about("/home/ada"), "");
            assert_eq!(about("/srv/team/local/x"), "");
            assert_eq!(about("/srv/teammate"), "");
            assert!(about("/srv/team/x").contains("network file system"));
            assert!(about("/home/ada/remote").contains("network file system"));
            assert!(about("/home/ada/drive").contains("another program"));
            assert!(about("/tmp").contains("in memory"));
            assert!(about("/run/media/ada/My Stick").contains("removable"));
            assert!(about("/mnt/old").contains("no permissions"));
        }

        #[test]
        fn a_table_of_nonsense_says_nothing() {
            for table in ["", "a b c - d", " - ", "1 2 3 4 /x"] {
                assert_eq!(warning(table, Path::new("/x")), None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_folder_is_known_by_its_name_or_by_what_the_client_left_there() {
        let base = tempfile::tempdir().unwrap();
        let warned = |name: &str| {
            let folder = base.path().join(name).join("vaults");
            std::fs::create_dir_all(&folder).unwrap();
            sync_warning(&folder)
        };
        for (name, client) in
            [("Dropbox (Company)", "Dropbox"), ("OneDrive - Company", "OneDrive"), ("Nextcloud", "Nextcloud")]
        {
            assert!(warned(name).unwrap().contains(client), "{name}");
        }
        assert_eq!(warned("Dropboxes"), None);
        assert_eq!(warned("work"), None);
        std::fs::create_dir(base.path().join("work/.stfolder")).unwrap();
        assert!(warned("work").unwrap().contains("Syncthing"));
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_judged_by_its_folder() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("Nextcloud");
        std::fs::create_dir(&folder).unwrap();
        assert!(place_warning(&folder.join("new/team.keyroom")).unwrap().contains("Nextcloud"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_free_space_of_this_machine_is_known() {
        assert!(free_space(Path::new("/")).is_some());
        assert_eq!(free_space(Path::new("/no/such/folder")), None);
    }
}
