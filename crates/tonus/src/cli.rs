//! The command line: what may be asked, in clap's terms.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// An executable human motor system: injure it, examine it, read real patients with the same code.
///
/// Tonus teaches and computes; it is not a medical device.
#[derive(Debug, Parser)]
#[command(name = "tonus", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Flags that every command understands.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command understands.
#[derive(Debug, Args)]
pub struct Common {
    /// Machine-readable JSON on standard output, and nothing else there.
    #[arg(long, global = true)]
    pub json: bool,
    /// Seed: the same seed gives the same bits on any number of jobs.
    #[arg(long, global = true, default_value_t = 1, allow_negative_numbers = true)]
    pub seed: u64,
    /// Threads to use (default: all cores).
    #[arg(long, global = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// No progress, no notes.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Injure, examine, report: the main job.
    Examine(Examine),
    /// Every examination item: what it does, its measures, units, norms, sources.
    Items {
        /// One item's id, in full.
        id: Option<String>,
    },
    /// Every condition: lesions, mechanisms, course, sources.
    Conditions {
        /// One condition's name, in full.
        name: Option<String>,
    },
    /// One item's raw signals as EDF+, BDF+, WFDB, CSV, NPY, openhdemg's table or a BIDS-EMG data set.
    Record(Record),
    /// The same measures from a recording, simulated or real: read, measured, set beside norms, drawn.
    Analyse(Analyse),
    /// A page of abnormalities, each beside what a textbook says one should see.
    Gallery {
        /// Where to write the page (.html). Default: gallery.html here.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Published experiments: model against paper.
    Validate(Validate),
    /// Simulated seconds per CPU second, per named workload, on this machine.
    Bench {
        /// Only workloads whose name contains this text.
        name: Option<String>,
    },
}

/// What norms go by.
#[derive(Debug, Args)]
pub struct Stature {
    /// Age: 60y, 18mo. Default: that of a typical patient; for a recording 40y.
    #[arg(long, allow_hyphen_values = true)]
    pub age: Option<String>,
    /// Sex: female or male.
    #[arg(long)]
    pub sex: Option<String>,
    /// Height: 1.65m.
    #[arg(long, allow_hyphen_values = true)]
    pub height: Option<String>,
}

/// Who is examined.
#[derive(Debug, Args)]
pub struct Who {
    /// Time since onset: 3d, 2wk, 18mo, 5y (conditions only; default: a representative patient).
    #[arg(long, allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Severity 0..1: 0 healthy, 0.5 typical, 1 severe (conditions only).
    #[arg(long, allow_negative_numbers = true)]
    pub severity: Option<f64>,
    /// Affected, or worse affected, side of the body: left, right, both.
    #[arg(long)]
    pub side: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub stature: Stature,
}

/// Arguments of `examine`.
#[derive(Debug, Args)]
pub struct Examine {
    /// A condition's name (`tonus conditions`), a patient file (.toml), or a GA4GH Phenopacket v2 (.json).
    #[arg(required = true)]
    pub patients: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub who: Who,
    /// Only items whose id contains this text (may be repeated). Default: every routine item; those that `tonus items`
    /// marks with a star (jitter, CMAP scans, high-density EMG ...) are done if they are named.
    #[arg(long = "item")]
    pub items: Vec<String>,
    /// Where to write the report: .html or .json; with several patients a folder. Default: tonus-NAME.html here.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Arguments of `analyse`.
#[derive(Debug, Args)]
pub struct Analyse {
    /// Recordings: EDF+, BDF+, WFDB, CSV or TSV, NPY, NPZ, MAT (OTBiolab+), Qtrac MEM, or the folder of a BIDS-EMG data set. What
    /// a file is, its content says.
    #[arg(required = true)]
    pub recordings: Vec<PathBuf>,
    /// What they are: needle, surface, grid, cmap_scan, evoked, mep, tremor, pendulum, sway, tapping, gait. Default: told from channels, units and events.
    #[arg(long = "as", value_name = "KIND")]
    pub kind: Option<String>,
    /// Judge by the norms of this examination item (`tonus items`), as lab.needle.tibialis_anterior.
    #[arg(long)]
    pub item: Option<String>,
    /// Sampling rate of arrays that don't state one (NPY, NPZ, MAT), Hz.
    #[arg(long, value_name = "HZ", allow_negative_numbers = true)]
    pub rate: Option<f64>,
    /// Unit of their signals.
    #[arg(long)]
    pub unit: Option<String>,
    /// Distance of neighbouring electrodes along the fibres, mm, where the recording doesn't know it: its channels are one row, in order.
    #[arg(long, value_name = "MM", allow_negative_numbers = true)]
    pub spacing: Option<f64>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub stature: Stature,
    /// Where to write the report: .html or .json. Default: tonus-NAME.html here.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// A TOML file of targets instead of those that ship with Tonus.
    #[arg(long)]
    pub targets: Option<PathBuf>,
    /// Only targets whose id or area contains this text.
    #[arg(long)]
    pub only: Option<String>,
    /// Write the figure of each experiment into this directory, as SVG: of those that targets read and, without `--targets`,
    /// of those that show what has no one number to be held against (`--only` goes by their id).
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    /// Print the table as Markdown, as it stands in validation/README.md.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Compare the verdicts with those of a TOML file (`id = "pass"`); exit with 1 if any differs.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// A file format of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordFormat {
    /// European Data Format plus, 16 bit.
    Edf,
    /// BioSemi/EDF+ layout, 24 bit.
    Bdf,
    /// WFDB, format 16.
    Wfdb,
    /// Comma-separated values.
    Csv,
    /// NumPy, one structured array a recording.
    Npy,
    /// The table that openhdemg loads: signals and the discharges of units.
    Openhdemg,
    /// A BIDS-EMG data set of EDF+ files in the folder --out; participants are added to one that is there.
    Bids,
}

/// Arguments of `record`.
#[derive(Debug, Args)]
pub struct Record {
    /// Item id (`tonus items`).
    pub item: String,
    /// A condition's name, a patient file, or a Phenopacket.
    pub patient: String,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub who: Who,
    /// Which side of the body to record: left or right.
    #[arg(long, default_value = "right")]
    pub record_side: String,
    /// File format.
    #[arg(long, value_enum, default_value = "edf")]
    pub format: RecordFormat,
    /// Parameter of the item, NAME=VALUE (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Folder to write into (made if missing, in one that is there). Default: here.
    #[arg(long)]
    pub out: Option<PathBuf>,
}
