"""What a person types: words for tunes in English and Chinese, and notes in ABC."""
