"""What other systems take: result files of autograders, filled-in grade sheets, feedback to upload."""
